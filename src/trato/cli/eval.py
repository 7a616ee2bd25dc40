"""`trato eval`: how good what Trato understands by itself is, on questions whose answer is known."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trato.cli.installation import AsJson, Data, database, load_settings, print_json, reaching, say

if TYPE_CHECKING:
    from trato.search.evaluation import Trial

app = typer.Typer(
    name="eval",
    no_args_is_help=True,
    help="Measure what Trato understands, on examples whose answer is known.",
)

Articles = Annotated[
    Path,
    typer.Option("--articles", exists=True, dir_okay=False, help="jsonl: {id, title, text[, language]}."),
]
Queries = Annotated[
    Path, typer.Option("--queries", exists=True, dir_okay=False, help="jsonl: {query, article}.")
]
MaybeArticles = Annotated[
    Path | None,
    typer.Option("--articles", exists=True, dir_okay=False, help="jsonl: {id, title, text[, language]}."),
]
MaybeQueries = Annotated[
    Path | None, typer.Option("--queries", exists=True, dir_okay=False, help="jsonl: {query, article}.")
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language", help="Of the articles that do not tell theirs, and the first guess for questions."
    ),
]


@app.callback()
def evaluate() -> None:
    """Take what stands before a measurement."""


@app.command()
def search(
    *,
    articles: Articles,
    queries: Queries,
    noisy: Annotated[bool, typer.Option("--noisy", help="Type the questions in a hurry first.")] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Ask each question and look where its article stands.

    JSON: `n`, `recall_at_1`, `recall_at_3`, `mrr`, `p50_ms`, `p95_ms` of the whole answer.
    """
    from trato.bench.examples import read_articles, read_questions
    from trato.search.evaluation import indexed, measure_search

    asked = read_questions(queries)
    with indexed(read_articles(articles, language), say) as engine:
        found = measure_search(engine, asked, language=language, with_noise=noisy)
    say(
        f"search: {found['n']} questions over {len(engine)} articles, the right one first "
        f"{found['recall_at_1']:.1%}, among three {found['recall_at_3']:.1%}, mean reciprocal rank "
        f"{found['mrr']}; p50 {found['p50_ms']} ms, p95 {found['p95_ms']} ms"
    )
    if as_json:
        print_json(found)


@app.command()
def answers(
    *,
    articles: MaybeArticles = None,
    queries: MaybeQueries = None,
    hide: Annotated[float, typer.Option(min=0.0, max=0.95, help="Share of the articles to hide.")] = 0.4,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Keep what was learned for this installation.")
    ] = False,
    precision: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="With --calibrate: how many answers shall be right.")
    ] = 0.9,
    language: Language = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Hide a share of the articles and look how many questions are answered, and how many rightly.

    Learned and measured in turns over five groups of articles. JSON: `answer_rate_at_precision_90`, `…_95`,
    `…_98`: the share of the answerable questions that are answered rightly where 90, 95, 98 % of the
    answers are right.

    With --calibrate and without files it learns from what readers and content owners judged here. JSON:
    `samples`, `right`, `wrong`, `threshold`, `curve` of `[said, true, of]`. Too few, and nothing changes.
    """
    if articles is None or queries is None:
        if not calibrate or articles or queries:
            raise typer.BadParameter(
                "give --articles and --queries, or --calibrate alone to learn from readers"
            )
        learn_here(precision, data, as_json=as_json)
        return
    from trato.bench.examples import read_articles, read_questions
    from trato.search.evaluation import hidden, indexed, measure_answers, trial

    pages = read_articles(articles, language)
    without = hidden(pages, hide)
    with indexed([page for page in pages if page.id not in without], say) as engine:
        tried = trial(engine, read_questions(queries), without, language=language)
    found = measure_answers(tried)
    say(
        f"answers: {len(tried.right)} questions, {tried.answerable} of them answerable; answered rightly "
        + ", ".join(f"{rate:.1%} at {name[-2:]} % precision" for name, rate in found.items())
    )
    if calibrate:
        keep(tried, precision, load_settings(data=data).data)
    if as_json:
        print_json(found)


def learn_here(precision: float, data: Path | None, *, as_json: bool) -> None:
    """Learn the gate from what was judged in this installation, and tell its curve."""
    from trato.cli.articles import services_of

    with database(settings := load_settings(data=data)) as dsn, reaching():

        async def learn() -> dict[str, Any]:
            from trato.knowledge import gate, tuning

            async with services_of(settings, dsn) as services, services.db.begin() as c:
                base, _ = tuning.serving(settings.data, None)
                learned = await gate.calibrate(c, base, precision, actor="system")
                return await gate.told(c, learned)

        found = asyncio.run(learn())
    for said, true, count in found["curve"]:
        say(f"  said {said:.0%}, right {true:.0%} of {count}")
    say(
        f"learned from {found['samples']} judged answers, {found['right']} right and {found['wrong']} wrong; "
        f"answers from a probability of {found['threshold']} on, in every process within a second"
    )
    if as_json:
        print_json(found)


def keep(tried: "Trial", precision: float, data: Path) -> None:
    """Store the gate that was learned, and tell its curve: what was said and what came true."""
    from trato.decide import answer_gate
    from trato.search.calibration import gate_file, store
    from trato.search.evaluation import calibrated, cross_validated

    gate = calibrated(tried, precision)
    store(gate, gate_file(data))
    for said, true, count in answer_gate.curve(cross_validated(tried), tried.right):
        say(f"  said {said:.0%}, right {true:.0%} of {count}")
    say(f"kept in {gate_file(data)}; answers from a probability of {gate.threshold} on")
