"""The step of filters: a tree of conditions as a plain form. What is being edited lives in the form until it is saved.

Every node sends `node` with its sign and path ("g r", "c r.0"), and its fields under names that end in its path.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from academy.base import clock
from academy.base.text import clean_line
from academy.insights.reports import naming, policies, services
from academy.insights.reports.models import Report
from academy.insights.reports.queries import finding
from academy.insights.reports.queries.datasets import DATASETS, Dataset
from academy.insights.reports.routes.blueprints import bp
from academy.insights.reports.rules import expressions, kinds
from academy.insights.reports.rules.expressions import Unreadable
from academy.web.access import requires

MOST_NODES = 60
_NODE = re.compile(r"([gc]) (r(?:\.\d{1,2}){0,4})")


@dataclass
class Branch:
    """A group in the form, with its parts."""

    path: str
    joined: str = expressions.ALL
    parts: "list[Branch | Leaf]" = field(default_factory=list)

    @property
    def depth(self) -> int:
        """1 for the whole filter."""
        return self.path.count(".") + 1


@dataclass
class Leaf:
    """A condition in the form, as typed."""

    path: str
    column: str
    operator: str = ""
    values: list[str] = field(default_factory=list)


@bp.route("/reports/<int:report_id>/filter", methods=["GET", "POST"])
@requires(policies.CHANGE, find=finding.report)
def where(report: Report) -> ResponseReturnValue:
    """Edit the filter: add and remove conditions and groups, then save."""
    dataset = DATASETS[report.dataset]
    if request.method == "GET":
        return _show(report, dataset, branch_of(report.definition.get("where") or {}))
    root, act = from_form(request.form), request.form.get("act", "save")
    if act != "save":
        return _show(report, dataset, changed(root, act, request.form, dataset))
    try:
        services.keep(report, at=clock.now(), where=document_of(root))
    except Unreadable as mistake:
        return _show(report, dataset, root, {mistake.where: naming.MISTAKES[mistake.why]}), 422
    return redirect(url_for("reports.view", report_id=report.id))


def _show(report: Report, dataset: Dataset, root: Branch, mistakes: dict[str, Any] | None = None) -> str:
    return render_template(
        "reports/filter.html", report=report, dataset=dataset, root=renumbered(root), mistakes=mistakes or {},
        kinds=kinds, operators=naming.OPERATORS, deepest=expressions.DEEPEST,
    )  # fmt: skip


def from_form(sent: "MultiDict[str, str]") -> Branch:
    """Read the tree that was sent; what hangs on nothing is left out."""
    root = Branch("r", _joined(sent.get("joined-r")))
    known: dict[str, Branch] = {"r": root}
    for line in sent.getlist("node")[:MOST_NODES]:
        found = _NODE.fullmatch(line)
        if found is None or found[2] == "r":
            continue
        sign, path = found.groups()
        parent = known.get(path.rpartition(".")[0])
        if parent is None or path in known:
            continue
        if sign == "g":
            known[path] = Branch(path, _joined(sent.get(f"joined-{path}")))
            parent.parts.append(known[path])
        else:
            values = [clean_line(each) for each in sent.getlist(f"value-{path}")[: expressions.MOST_VALUES]]
            leaf = Leaf(path, sent.get(f"column-{path}", "")[:40], sent.get(f"operator-{path}", "")[:20], values)
            parent.parts.append(leaf)
    return root


def _joined(given: str | None) -> str:
    return expressions.ANY if given == expressions.ANY else expressions.ALL


def branch_of(document: Any, path: str = "r") -> Branch:
    """Return a kept tree as the form shows it, even when parts of it can no longer be asked."""
    root = Branch(path, _joined(document.get("joined")))
    for place, part in enumerate(document.get("parts") or ()):
        below = f"{path}.{place}"
        if "parts" in part:
            root.parts.append(branch_of(part, below))
        else:
            values = list(map(str, part.get("values") or ()))
            root.parts.append(Leaf(below, str(part.get("column")), str(part.get("operator")), values))
    return root


def changed(root: Branch, act: str, sent: "MultiDict[str, str]", dataset: Dataset) -> Branch:
    """Return the tree after a button: a condition or group added to a group, or a node removed."""
    what, _colon, path = act.partition(":")
    branches = {branch.path: branch for branch in _branches(root)}
    if what == "remove":
        parent = branches.get(path.rpartition(".")[0])
        if parent is not None:
            parent.parts = [part for part in parent.parts if part.path != path]
        return root
    branch = branches.get(path)
    if branch is None or len(branch.parts) >= MOST_NODES:
        return root
    if what == "group" and branch.depth < expressions.DEEPEST:
        branch.parts.append(Branch("", expressions.ALL if branch.joined == expressions.ANY else expressions.ANY))
    column = sent.get(f"add-{path}", "")
    if what == "condition" and column in dataset.kinds:
        branch.parts.append(Leaf("", column, kinds.OPERATORS[dataset.kinds[column]][0]))
    return root


def _branches(root: Branch) -> list[Branch]:
    return [root, *(inner for part in root.parts if isinstance(part, Branch) for inner in _branches(part))]


def renumbered(branch: Branch, path: str = "r") -> Branch:
    """Give every node the path of its place."""
    branch.path = path
    for place, part in enumerate(branch.parts):
        if isinstance(part, Branch):
            renumbered(part, f"{path}.{place}")
        else:
            part.path = f"{path}.{place}"
    return branch


def document_of(branch: Branch) -> dict[str, Any]:
    """Return the tree as the rules read it."""
    parts = [
        document_of(part)
        if isinstance(part, Branch)
        else {"column": part.column, "operator": part.operator, "values": part.values}
        for part in branch.parts
    ]
    return {"joined": branch.joined, "parts": parts}
