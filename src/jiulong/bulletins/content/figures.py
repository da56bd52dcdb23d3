"""Which numbers of a text are figures: what is claimed, as against dates, numbers of papers, names.

Official prose writes figures in digits and in words (百分之三十, 三成, 第三名, 二十一个). Whatever
names something – a day, a law, an article, a heading, a slogan – is no figure. Which is written
when says GB/T 15835-2011; a text that does otherwise is read all the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ONES: Final = "一二三四五六七八九两〇零"
_ALL: Final = f"{_ONES}十百千万亿"
#: A numeral in words. Hundreds and up alone are names: 百日攻坚, 千家万户, 百名干部.
_WORD: Final = rf"(?:[{_ALL}]*[{_ONES}十][{_ALL}]*(?:点[{_ONES}]+)?)"
_DIGITS: Final = r"[0-9]+(?:[.,][0-9]+)*"
_ANY: Final = rf"(?:{_DIGITS}|{_WORD})"
#: Sums are also written with the numerals of cheques (叁佰万元, 增长贰成). Some are names (陆家嘴),
#: so one alone counts only where a measure follows it.
_CHEQUE: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_CHEQUES: Final = re.compile(
    r"(?:(?<=分之)|(?<=第))[壹贰叁肆伍陆柒捌玖拾]+|[壹贰叁肆伍陆柒捌玖拾佰仟萬億零]{2,}"
    r"|[壹贰叁肆伍陆柒捌玖拾](?=成|倍|万|亿|元|分之)"
)
#: What is measured: also “一倍”, “一亿元”.
_MEASURES: Final = (
    "个百分点|百分点|万元|亿元|元|万吨|吨|公斤|公里|千米|平方米|立方米|米|亩|公顷|倍|千瓦时|分贝"
)
#: What is counted. “一个”, “一项” only point at something.
_COUNTED: Final = (
    "个|家|户|件|项|人|名|位|起|处|次|台|套|座|所|辆|棵|宗|例|篇|场|株|条|批|份|笔|块|幢|栋|艘|张"
    "|分(?![钟之别工类级管布析配散解成头为门部离红])"
)
_LINE: Final = r"(?:^|(?<=[。;:]))\s*"
_TO: Final = "[-—–~至到]+"
#: Numbers in circles and brackets head a line; made plain they would look like figures.
_CIRCLED: Final = re.compile("[①-⒛㈠-㈩⓪-⓿❶-➓]")
_BLANKS: Final = re.compile(r"(?<=[0-9])\s+(?=[年月日号时季])|(?<=[年月第〕])\s+(?=[0-9])")
#: What announces a list.
_BEFORE: Final = (
    "以下|如下|下列|上述|这|抓好|做好|提出|明确|围绕|聚焦|突出|强调|把握|抓住|强化|落实好?"
)
#: Slogans and names of methods have numbers in them; where a list is announced, its length is none.
_SAID: Final = re.compile("|".join((
    # a label of what is quoted behind it
    "《[^》]*》", "第一名(?=:[^。]*\ufffc)",
    "两个确立|[四五]个意识|四个自信|两个维护|两个毫不动摇|四个全面|六个百分之?百",
    f"[{_ALL}]+个(?:一批|必须|不放过|百年|区分开来|一(?![个项件家名]))", f"[{_ALL}]+位一体",
    "八项规定|三项纪律|三项制度|[摆放]在第一位|百分百|十分|万分|[三四]条(?:底线|红线|控制线)",
    rf"(?:{_BEFORE})(?:[1-9]|1[0-2]|[{_ONES}]|十[一二]?)(?:个|项|条|点|件|类|大|方面)",
    rf"{_WORD}(?:个|项|条|大)(?:方面|环节|层面|维度|关口|重点|到位|坚持|确保|导向|阶段|渠道|原则|机制|清单)",
)))  # fmt: skip
_CLAIMS: Final = re.compile("|".join((
    rf"(?:倒数|并列)?第{_ANY}(?:名|位)", rf"(?:倒数|并列)第{_ANY}",
    rf"(?<=[排名列居位获夺省市区县国分])第{_ANY}(?=[,。;、)]|\s|$)",
    rf"[前后末](?!一[名位]){_ANY}(?=[名位强,。;]|$)",
    rf"[{_ALL}]+分之[{_ALL}]+(?:点[{_ONES}]+)?",
    rf"(?<![{_ALL}完])[{_ONES}十]成(?:半|[{_ONES}])?(?![不功员为立交就果绩熟品语套{_ONES}])",
    rf"一半|半数|翻了?[{_ONES}]番", rf"{_WORD}[余多][万亿](?!元)",
)))  # fmt: skip
_NAMES: Final = re.compile("|".join((
    # numbers of papers and standards, of roads and houses, lines of service, telephones
    rf"[〔\[(][0-9]{{4}}[〕\])]第?{_ANY}号", rf"第?{_ANY}号(?=令|文|公告|通告|楼|线)",
    r"(?:GB|HJ|DB|CJJ?|JGJ?|SL|NY|ISO|IEC)[0-9]{0,2}(?:/[TZ])?[ -]?[0-9]+(?:[.-][0-9]+)*",
    r"[A-Z]+[a-z]?[0-9]+(?:\.[0-9]+)?(?![0-9.,%亿万元个家件户吨分])",
    r"(?<![0-9.])[0-9](?:G|A级?|D)(?![A-Za-z0-9])", r"[0-9]\+[0-9N]", r"[0-9]{1,2}[·•][0-9]{1,2}",
    r"(?<![0-9])(?:12345|12315|12369|12348|110|119|120|122)(?=[热专平便政指联诉“”\"])",
    r"(?<![0-9])(?:0[0-9]{2,3}-[0-9]{7,8}|1[3-9][0-9]{9})(?![0-9])",
    rf"(?<=[路街道巷弄里村]){_ANY}(?:-[0-9]+)?号", rf"{_ANY}(?:楼|层|室|号楼)",
    # days, times, spans of them
    rf"[0-9]{{4}}年?{_TO}[0-9]{{4}}年", r"[0-9]{4}(?:Q[1-4]|H[12])",
    r"[0-9]{4}[-/年][0-9]{1,2}(?:[-/月][0-9]{1,2}日?)?(?![0-9])", r"[0-9]{4}(?:学年|年)",
    rf"[0-9]{{1,2}}月?{_TO}[0-9]{{1,2}}月", r"[0-9]{1,2}月(?:[0-9]{1,2}日?)?",
    rf"[0-9]{{1,2}}日?{_TO}[0-9]{{1,2}}日", r"[0-9]{1,2}日", r"[0-9]{1,2}:[0-9]{2}",
    r"[0-9]{1,2}时(?:[0-9]{1,2}分)?", r"前?[1-4]个?季度", r"前三个?季度", rf"近{_ANY}个?[年月]",
    rf"[{_ONES}]{{2,4}}年", rf"{_WORD}(?:月份?|季度|届|日|时|年)",
    rf"{_ANY}个?(?:工作日|自然日|小时|分钟|天|日|周|星期|月|年|季度)(?:以内|之内|内)",
    # articles, sessions, parts of a paper
    rf"第\(?{_ANY}\)?", rf"\((?:[0-9]{{1,2}}|{_WORD})\)", rf"{_LINE}[0-9]{{1,2}}[.、)](?![0-9])",
)), re.MULTILINE)  # fmt: skip
_COUNTS: Final = re.compile(
    rf"(?<![第{_ALL}]){_WORD}[余多来]?(?:{_MEASURES})"
    rf"|(?<![第{_ALL}])(?!一[余多]?(?:{_COUNTED})){_WORD}[余多来]?(?:{_COUNTED})"
    rf"|{_DIGITS}%?"
)
_LONE_YEAR: Final = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?![-0-9%QH]|[.,][0-9])")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def figures(text: str) -> list[str]:
    """The figures that a text claims, as they are written, once each."""
    bare = unicodedata.normalize("NFKC", _CIRCLED.sub(" ", text))
    bare = _CHEQUES.sub(lambda found: found[0].translate(_CHEQUE), bare)
    bare = _SAID.sub(" ", _BLANKS.sub("", bare))
    if not _CHINESE.search(bare):
        bare = _LONE_YEAR.sub(" ", bare)
    found = _CLAIMS.findall(bare)
    rest = _NAMES.sub(" ", _CLAIMS.sub(" ", bare))
    return list(dict.fromkeys([*found, *_COUNTS.findall(rest)]))
