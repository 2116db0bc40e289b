"""The commands of a reviewer: the queue, one draft, and the five answers."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from services.cli.command import CsvOption, LimitOption, command, listed
from services.cli.given import Given

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The beginning of an e-mail's or a lead's id.")]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, metavar="N", help="The version that was looked at; else the newest.")
]
SubjectOption = Annotated[str | None, typer.Option("--subject", metavar="TEXT", help="Another subject.")]
BodyOption = Annotated[
    Path | None, typer.Option("--body-file", metavar="FILE", help="A file with another text; - for stdin.")
]
CampaignOption = Annotated[str, typer.Option(metavar="NAME", help="Only drafts of this campaign.")]
SnoozedOption = Annotated[bool, typer.Option("--snoozed", help="Those put off until later, and no others.")]


def register(app: typer.Typer) -> None:
    """Add this family."""
    for body in (queue, show, review, approve, edit, reject, changes, revoke):
        command(app)(body)


async def queue(
    given: Given,
    limit: LimitOption = None,
    tier: Annotated[str, typer.Option(metavar="TIER", help="Only tier_1, …, tier_4 or needs_data.")] = "",
    run: Annotated[str, typer.Option(metavar="ID", help="Only drafts of this run.")] = "",
    campaign: CampaignOption = "",
    snoozed: SnoozedOption = False,
    csv: CsvOption = None,
) -> int:
    """The drafts that wait for a person, the best tier first, then the oldest."""
    from services.cli.queue_list import Filters, show_queue

    found = listed(limit, csv)
    filters: Filters = Filters(limit=found, tier=tier, run=run, snoozed=snoozed, campaign=campaign)
    return await show_queue(given, filters, csv)


async def show(given: Given, email: IdArgument) -> int:
    """One draft as the recipient would see it, why, the fact behind each claim, the guard, and the history."""
    from services.cli.desk import at_desk
    from services.cli.dossier_text import as_document, print_dossier
    from services.cli.printing import document, marked, say
    from services.cli.words import where

    async with at_desk(given) as desk:
        dossier, namespace = await desk.dossier(await desk.find(email)), await desk.namespace()
    if given.json:
        document(marked(namespace) | as_document(dossier))
    else:
        say(where(namespace), "")
        print_dossier(dossier)
    return 0


async def review(
    given: Given,
    tier: Annotated[str, typer.Option(metavar="TIER", help="Only tier_1, …, tier_4 or needs_data.")] = "",
    run: Annotated[str, typer.Option(metavar="ID", help="Only drafts of this run.")] = "",
    campaign: CampaignOption = "",
    snoozed: SnoozedOption = False,
) -> int:
    """Walk through the queue, one card after another, with single keys."""
    from services.cli.queue_list import Filters
    from services.cli.review_walk import walk

    return await walk(given, Filters(limit=1, tier=tier, run=run, snoozed=snoozed, campaign=campaign))


async def approve(
    given: Given,
    email: IdArgument,
    version: VersionOption = None,
    subject: SubjectOption = None,
    body_file: BodyOption = None,
    feedback: Annotated[str, typer.Option(metavar="WORDS", help="What the next draft should learn.")] = "",
    override: Annotated[
        str, typer.Option(metavar="REASON", help="Let a text pass that the guard stops, and why.")
    ] = "",
) -> int:
    """Let a draft go out, as it is or with another subject or text."""
    from contracts.commands import ApproveDraft
    from services.cli.answers import body_of, give

    body = body_of(body_file)
    return await give(
        given,
        email,
        version,
        partial(ApproveDraft, subject=subject, body=body, feedback=feedback, override_reason=override),
    )


async def edit(
    given: Given,
    email: IdArgument,
    version: VersionOption = None,
    subject: SubjectOption = None,
    body_file: BodyOption = None,
) -> int:
    """Put another text in a draft's place; without options in $EDITOR. It waits for an answer then."""
    from contracts.commands import EditDraft
    from services.cli.answers import body_of, give

    body = body_of(body_file)
    if subject is None and body is None:
        from services.cli.editing import edit_one

        return await edit_one(given, email)
    return await give(given, email, version, partial(EditDraft, subject=subject, body=body))


async def reject(
    given: Given,
    email: IdArgument,
    tag: Annotated[str, typer.Option(metavar="TAG", help="One of twelve, such as weak_cta; a wrong one lists them.")],
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why, in 3 to 2,000 characters.")],
    version: VersionOption = None,
) -> int:
    """Stop a draft, and say why; the next draft learns from it."""
    from typing import get_args

    import msgspec

    from contracts.commands import RejectDraft
    from contracts.email import RejectionTag
    from contracts.errors import BadInput
    from services.cli.answers import give

    if tag not in get_args(RejectionTag):
        tags = ", ".join(get_args(RejectionTag))
        raise BadInput(f"There is no tag {tag!r}.", f"Use one of {tags}.", field="tag")
    chosen: RejectionTag = msgspec.convert(tag, RejectionTag)
    return await give(given, email, version, partial(RejectDraft, tag=chosen, reason=reason))


async def changes(
    given: Given,
    email: IdArgument,
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="What is to change, in words.")] = "",
    wish: Annotated[
        list[str] | None,
        typer.Option(metavar="WISH", help="other_angle, shorter, softer_ask, other_fact or other_subject; often."),
    ] = None,
    instruction: Annotated[str, typer.Option(metavar="WORDS", help="As WORDS, in 3 to 2,000 characters.")] = "",
    version: VersionOption = None,
) -> int:
    """Ask for another text, by wishes, in words or both; it comes back into the queue as a new version."""
    from contracts.commands import RequestChanges
    from services.cli.answers import give, wishes_of

    asked = partial(RequestChanges, instruction=instruction or words, wishes=wishes_of(wish or ()))
    return await give(given, email, version, asked)


async def revoke(
    given: Given,
    email: IdArgument,
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why.")] = "",
    version: VersionOption = None,
) -> int:
    """Take an approval back while its undo window is open; the draft waits again."""
    from contracts.commands import RevokeApproval
    from services.cli.answers import give

    return await give(given, email, version, partial(RevokeApproval, reason=reason))
