from __future__ import annotations

import pytest

from docs.generate.markdown import part, slug_of

TEXT = """# All of it

Opening.

## First steps

One.

```sh
# no heading
```

### Below

Two.
"""


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("", TEXT),
        ("all-of-it", "Opening.\n"),
        ("first-steps", "One.\n\n```sh\n# no heading\n```\n"),
        ("below", "Two.\n"),
    ],
)
def test_a_part_ends_at_the_next_heading(slug: str, text: str) -> None:
    assert part(TEXT, slug) == text


def test_a_missing_heading_is_an_error() -> None:
    with pytest.raises(KeyError):
        part(TEXT, "no-heading")


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Settings of the server", "settings-of-the-server"),
        ("quoth from Node.js", "quoth-from-nodejs"),
        ("Model card: attribution-en-1", "model-card-attribution-en-1"),
    ],
)
def test_anchors_are_those_of_code_hosts(heading: str, slug: str) -> None:
    assert slug_of(heading) == slug
