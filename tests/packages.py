"""Install what tests need of the system's packages, where there are such and we may: a browser, and what reads a certificate.

It runs beside the installation of the Python packages, and so with the system's Python alone.
"""

import os
import shutil
import subprocess

# The first draws no window that nobody would see.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
READER, READER_PACKAGE = "pdftotext", "poppler-utils"


def apt(*command: str) -> bool:
    """Run the system's installer; whether it went well."""
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    return subprocess.run(["apt-get", "-y", "-qq", *command], **quiet).returncode == 0


def main() -> None:
    """Install what is missing; what cannot be installed is asked for when the tests begin."""
    reader = [] if shutil.which(READER) else [READER_PACKAGE]
    browser = [] if os.environ.get("TEST_CHROMIUM") or any(map(shutil.which, BROWSERS)) else BROWSERS[:2]
    if not (reader or browser) or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {' and '.join([*reader, *browser[:1]])} from the system's packages …", flush=True)
    apt("update")
    for name in browser:
        if apt("install", "--no-install-recommends", name, *reader):
            return
    if reader:
        apt("install", "--no-install-recommends", *reader)


if __name__ == "__main__":
    main()
