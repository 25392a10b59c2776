"""Draws the pictures of the README and the documentation from what quoth really gives.

    python docs/images/pictures.py      # needs quoth-server, playwright and a Chromium

`first-screen.png` and `notebook.png` are results as a notebook shows them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from quoth_server.engine import Attributor

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "server/quoth_server/data/sample.txt"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CELL = """\
<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 14px; background: #fff; font: 14px ui-monospace, monospace }}
pre {{ margin: 0 0 10px; padding: 10px 12px; background: #f5f5f7; border: 1px solid #dcdce0 }}
pre b {{ color: #2f5aa8; font-weight: normal }}
</style>{before}{frame}"""


def main() -> None:
    """Draws both."""
    attributor = Attributor()
    article = attributor.attribute(SAMPLE.read_text("utf-8"), published="2026-05-14")
    text = (
        "“We are full,” Mayor Lena Holt said on Tuesday. "
        "She denied that the hotel had refused guests."
    )
    small = attributor.attribute(text, published="2019-05-23")
    told = (
        '<pre><b>[2]</b> result = attributor.attribute(text, published="2019-05-23")\n'
        "    result</pre>"
    )
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-features=IsolateSandboxedIframes",
            ],  # for sharp letters
        )
        for name, frame, before in (
            ("first-screen", article._repr_html_(), ""),
            ("notebook", small._repr_html_(), told),
        ):
            page = browser.new_page(viewport={"width": 920, "height": 620}, device_scale_factor=2)
            page.set_content(CELL.format(frame=frame, before=before))
            page.frame_locator("iframe").locator("article").wait_for()
            page.locator("body").screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
