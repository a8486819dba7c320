"""The systems around us, one file each, behind the ports of `services`."""

import os

# Read when NumPy is loaded, which happens from here: by the sentence model, or by openpyxl. On
# matrices as small as ours a second thread gains little, and where the cores have other work the
# threads wait for each other: ten times the time, measured.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Read when onnxruntime is loaded. The pinned one has no telemetry; from 1.29 on it would report
# to its makers unless told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
