"""As in the product, this is loaded before NumPy."""

import integrations as integrations
