# docs/deployment.md says how to run it. Nothing secret is in here: settings come when it is started.
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS made
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r requirements.txt
COPY . .
# Compiles what is loaded; all of the Graph SDK would be 200 MB that nobody reads.
RUN /venv/bin/python -m console.bytecode
# The model of what sentences mean; where it cannot be fetched the bot does without.
RUN /venv/bin/python -m integrations.sentence_weights && /venv/bin/python -m integrations.meanings

FROM ${BASE}
RUN useradd --system --uid 10001 --no-create-home --home-dir /app learnweek \
    && install --directory --owner learnweek /app/var
COPY --from=made /venv /venv
COPY --from=made /app /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=3978 LOG_FORMAT=json
WORKDIR /app
USER 10001
EXPOSE 3978
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/readyz\", timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "app.py"]
