"""The paper of a package for WISE: what the Inspectorate General reads, as PDF/A."""

from sipuma.complaints.wise.content import Content
from sipuma.complaints.wise.gathering import LANGUAGE
from sipuma.offices.models import Office
from sipuma.workspace.papers.paper import ARCHIVED, paper


def wise_paper(content: Content, *, office: Office) -> bytes:
    """Return a package's content as tagged PDF/A in Indonesian, under the letterhead of who forwards it."""
    return paper(
        "workspace/papers/wise.html",
        {"content": content},
        office=office,
        language=LANGUAGE,
        title=content.register,
        variant=ARCHIVED,
    )
