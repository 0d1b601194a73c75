#!/usr/bin/env bash
# Write requirements/runtime.txt and requirements/dev.txt from pyproject.toml: every package with its version and the
# hashes of all its files, for Python 3.11 to 3.13 on Linux and macOS. No index is named in them; pip uses its own.
# Arguments go to uv, such as --upgrade or --upgrade-package NAME.
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python -m pip install -q "uv>=0.9.8"
compile() {
  .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q "$@"
}
mkdir -p requirements
compile --group install -o requirements/runtime.txt "${@}"
compile --group dev --extra heic --extra dask -c requirements/runtime.txt -o requirements/dev.txt "${@}"

# The twin of opencv-python without a window system, of the same version, for machines without libGL.
version=$(sed -n 's/^opencv-python==\([^ ]*\).*/\1/p' requirements/runtime.txt)
echo "opencv-python-headless==$version" | .venv/bin/uv pip compile - --no-config --no-deps --universal --python-version 3.11 \
  --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -q \
  -o requirements/headless.txt
