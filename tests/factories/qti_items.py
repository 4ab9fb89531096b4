"""QTI items for tests: one for each interaction, and one whose numbers are drawn."""

HEAD = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="{name}" title="{name}" adaptive="false" timeDependent="false">'
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"><defaultValue><value>0</value></defaultValue></outcomeDeclaration>'
MAX = '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>{most}</value></defaultValue></outcomeDeclaration>'
MATCH = '<match><variable identifier="{0}"/><correct identifier="{0}"/></match>'
ADD = (
    '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
    '<baseValue baseType="float">1</baseValue></sum></setOutcomeValue>'
)


def declared(name, base, cardinality, *right, extra=""):
    """A response with its right values."""
    values = "".join(f"<value>{value}</value>" for value in right)
    key = f"<correctResponse>{values}</correctResponse>" if right else ""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{key}{extra}</responseDeclaration>'


def point(name):
    """A point when a response matches its key."""
    return f"<responseCondition><responseIf>{MATCH.format(name)}{ADD}</responseIf></responseCondition>"


def item(name, responses, body, rules, *, most=1, more="", after=""):
    """An item from its pieces."""
    return (
        HEAD.format(name=name) + responses + SCORE + (MAX.format(most=most) if most else "") + more
        + f"<itemBody>{body}</itemBody><responseProcessing>{rules}</responseProcessing>{after}</assessmentItem>"
    )  # fmt: skip


def choices(tag, *names, text="Choice {0}", **attributes):
    """Choices of an interaction."""
    marks = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return "".join(f'<{tag} identifier="{name}"{marks}>{text.format(name)}</{tag}>' for name in names)


CHOICE = item(
    "choice",
    declared("RESPONSE", "identifier", "single", "A", extra='<mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="1"/></mapping>'),
    "<p>Which <strong>service</strong> comes first?</p><choiceInteraction responseIdentifier='RESPONSE' shuffle='true' maxChoices='1'>"
    f"<prompt>Pick one.</prompt>{choices('simpleChoice', 'A', 'B', 'C')}</choiceInteraction>",
    '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>',
    most=2,
)  # fmt: skip
CHOICES = item(
    "choices",
    declared("R", "identifier", "multiple", "A", "B"),
    f"<choiceInteraction responseIdentifier='R' shuffle='true' maxChoices='2'>{choices('simpleChoice', 'A', 'B', 'C', 'D')}</choiceInteraction>"
    "<p>Why? <textEntryInteraction responseIdentifier='W'/></p>",
    point("R") + point("W"),
    most=2,
).replace(SCORE, declared("W", "string", "single", "because") + SCORE)
ENTRIES = item(
    "entries",
    declared("N", "integer", "single", "12") + declared("T", "string", "single", "queue") + declared("S", "float", "single", "7"),
    "<p>A dozen is <textEntryInteraction responseIdentifier='N'/>; people wait in a <textEntryInteraction responseIdentifier='T'/>.</p>"
    "<sliderInteraction responseIdentifier='S' lowerBound='0' upperBound='10' step='1'><prompt>How many days?</prompt></sliderInteraction>",
    point("N") + point("T") + point("S"),
    most=3,
)  # fmt: skip
LONG = item(
    "long",
    declared("L", "string", "single"),
    "<extendedTextInteraction responseIdentifier='L'><prompt>Name the journey.</prompt></extendedTextInteraction>",
    "<responseCondition><responseIf><patternMatch pattern='(the )?customer journey\\.?'><variable identifier='L'/></patternMatch>"
    f"{ADD}</responseIf></responseCondition>",
)  # fmt: skip
INLINE = item(
    "inline",
    declared("I", "identifier", "single", "B") + declared("J", "identifier", "single", "C"),
    f"<p>First <inlineChoiceInteraction responseIdentifier='I' shuffle='true'>{choices('inlineChoice', 'A', 'B')}</inlineChoiceInteraction>, "
    f"then <inlineChoiceInteraction responseIdentifier='J'>{choices('inlineChoice', 'C', 'D')}</inlineChoiceInteraction>.</p>",
    point("I") + point("J"),
    most=2,
)  # fmt: skip
ORDER = item(
    "order",
    declared("O", "identifier", "ordered", "C", "A", "B") + declared("X", "string", "single", "ok"),
    f"<orderInteraction responseIdentifier='O' shuffle='true'><prompt>Order them.</prompt>{choices('simpleChoice', 'A', 'B', 'C')}</orderInteraction>"
    "<p>Say <textEntryInteraction responseIdentifier='X'/></p>",
    point("O") + point("X"),
    most=2,
)  # fmt: skip
GRID = item(
    "grid",
    declared("M", "directedPair", "multiple", "A X", "A Y", "B Y"),
    "<matchInteraction responseIdentifier='M' maxAssociations='6' shuffle='true'><prompt>Match.</prompt>"
    f"<simpleMatchSet>{choices('simpleAssociableChoice', 'A', 'B', matchMax='2')}</simpleMatchSet>"
    f"<simpleMatchSet>{choices('simpleAssociableChoice', 'X', 'Y', matchMax='0')}</simpleMatchSet></matchInteraction>",
    point("M"),
)
PAIRS = item(
    "pairs",
    declared("M", "directedPair", "multiple", "A X", "B Y") + declared("X", "string", "single", "ok"),
    "<matchInteraction responseIdentifier='M' maxAssociations='2' shuffle='true'>"
    f"<simpleMatchSet>{choices('simpleAssociableChoice', 'A', 'B', matchMax='1')}</simpleMatchSet>"
    f"<simpleMatchSet>{choices('simpleAssociableChoice', 'X', 'Y', matchMax='1')}</simpleMatchSet></matchInteraction>"
    "<p>Say <textEntryInteraction responseIdentifier='X'/></p>",
    point("M") + point("X"),
    most=2,
)
LINKS = item(
    "links",
    declared("P", "pair", "multiple", "A B", "C D"),
    f"<associateInteraction responseIdentifier='P' maxAssociations='2' shuffle='true'>{choices('simpleAssociableChoice', 'A', 'B', 'C', 'D', matchMax='1')}</associateInteraction>",
    point("P"),
)  # fmt: skip
GAPS = item(
    "gaps",
    declared("G", "directedPair", "multiple", "W G1", "S G2"),
    f"<gapMatchInteraction responseIdentifier='G' shuffle='true'><prompt>Fill the gaps.</prompt>{choices('gapText', 'W', 'S', 'U', matchMax='1')}"
    "<blockquote><p>Now is the <gap identifier='G1'/> of our <gap identifier='G2'/>.</p></blockquote></gapMatchInteraction>",
    point("G"),
)  # fmt: skip
HOTTEXT = item(
    "hottext",
    declared("H", "identifier", "multiple", "B"),
    "<hottextInteraction responseIdentifier='H' maxChoices='2'><prompt>Mark the mistakes.</prompt>"
    f"<p>One {choices('hottext', 'A')} and two {choices('hottext', 'B')}.</p></hottextInteraction>",
    point("H"),
)
DRAWN = item(
    "drawn",
    declared("RESPONSE", "integer", "single"),
    "<p>What is <printedVariable identifier='A'/> + <printedVariable identifier='B'/>? <textEntryInteraction responseIdentifier='RESPONSE'/></p>",
    f"<responseCondition><responseIf>{MATCH.format('RESPONSE')}"
    "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue></setOutcomeValue>"
    "<setOutcomeValue identifier='FEEDBACK'><baseValue baseType='identifier'>yes</baseValue></setOutcomeValue></responseIf>"
    "<responseElse><setOutcomeValue identifier='FEEDBACK'><baseValue baseType='identifier'>no</baseValue></setOutcomeValue></responseElse></responseCondition>",
    most=None,
    more="<outcomeDeclaration identifier='FEEDBACK' cardinality='single' baseType='identifier'/>"
    + "".join(f"<templateDeclaration identifier='{name}' cardinality='single' baseType='integer'/>" for name in "AB")
    + "<templateProcessing><setTemplateValue identifier='A'><randomInteger min='10' max='99'/></setTemplateValue>"
    "<setTemplateValue identifier='B'><randomInteger min='10' max='99'/></setTemplateValue>"
    "<setCorrectResponse identifier='RESPONSE'><sum><variable identifier='A'/><variable identifier='B'/></sum></setCorrectResponse></templateProcessing>",
    after="<modalFeedback outcomeIdentifier='FEEDBACK' identifier='yes' showHide='show'>Well done.</modalFeedback>"
    "<modalFeedback outcomeIdentifier='FEEDBACK' identifier='no' showHide='show'>The sum of <printedVariable identifier='A'/> and "
    "<printedVariable identifier='B'/> is another.</modalFeedback>",
)  # fmt: skip
ALL = {
    "choice": CHOICE,
    "choices": CHOICES,
    "entries": ENTRIES,
    "long": LONG,
    "inline": INLINE,
    "order": ORDER,
    "grid": GRID,
    "pairs": PAIRS,
    "links": LINKS,
    "gaps": GAPS,
    "hottext": HOTTEXT,
    "drawn": DRAWN,
}
MOST = {"choice": "2", "choices": "2", "entries": "3", "inline": "2", "order": "2", "pairs": "2"}


def content(name="choice"):
    """The content of a question of the type "qti" for one of these items."""
    return {"stem": {"ar": "", "en": name}, "item": ALL[name], "language": "en", "most": MOST.get(name, "1")}
