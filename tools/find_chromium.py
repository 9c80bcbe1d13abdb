"""Find Chromium or Chrome for the browser tests, or install Debian's as root, or say in one line what to install."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """The browser's path, from PORTAL_TEST_BROWSER or the usual names."""
    return os.environ.get("PORTAL_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    if find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"], check=False
        )
    if find():
        return 0
    print("The browser tests need Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk).")
    return 1


if __name__ == "__main__":
    sys.exit(main())
