"""Every sentence of the engine, Chinese and English. A key that nobody says fails a test."""

from __future__ import annotations

from typing import Final

Table = dict[str, tuple[str, str]]

#: Lines of an explanation.
STEPS: Final[Table] = {
    # Figures
    "read": ("{indicator}（{period}）：{value}", "{indicator} ({period}): {value}"),
    "missing": ("没有{indicator}（{period}）的数据", "no data for {indicator} ({period})"),
    "sum": ("{indicator}：{count}期合计 {result}", "{indicator}: sum of {count} periods, {result}"),
    "mean": (
        "{indicator}：{count}期平均 {result}",
        "{indicator}: mean of {count} periods, {result}",
    ),
    "growth": (
        "增速 =（{value} − {base}）÷ {base} = {result} %",
        "growth = ({value} − {base}) ÷ {base} = {result} %",
    ),
    "no_growth": (
        "基数为 {base}，不能计算增速",
        "the base is {base}; no growth can be worked out over it",
    ),
    "change": (
        "增量 = {value} − {base} = {result}",
        "change = {value} − {base} = {result}",
    ),
    "per": ("{value} ÷ {divisor} = {result}", "{value} ÷ {divisor} = {result}"),
    "completion_percent": (
        "完成率 = {value} ÷ {divisor} = {result} %",
        "completion = {value} ÷ {divisor} = {result} %",
    ),
    "no_quotient": ("除数为 {divisor}，不能计算", "the divisor is {divisor}; nothing follows"),
    "formula": ("按公式 {formula} = {result}", "by the formula {formula} = {result}"),
    "not_computed": (
        "公式 {formula} 无法计算：{reason}",
        "the formula {formula} has no result: {reason}",
    ),
    "companion_target": ("{name}目标", "target of {name}"),
    "companion_expected": ("{name}序时目标", "{name} expected to date"),
    "companion_base": ("{name}同口径基数", "comparable base of {name}"),
    # Completion
    "completion": (
        "完成率 = {value} ÷ {target} = {share} %",
        "completion = {value} ÷ {target} = {share} %",
    ),
    "completion_quotient": (
        "越低越好：完成率 = {target} ÷ {value} = {share} %",
        "less is better: completion = {target} ÷ {value} = {share} %",
    ),
    "completion_mirror": (
        "越低越好：完成率 = 2 − {value} ÷ {target} = {share} %",
        "less is better: completion = 2 − {value} ÷ {target} = {share} %",
    ),
    "completion_about": (
        "{value} 在目标 {target} 左右的允许范围内，完成率 {share} %",
        "{value} lies within the tolerance of about {target}: completion {share} %",
    ),
    "completion_met": (
        "目标 {target} 不宜作除数：{value} 已达到，完成率 {share} %",
        "nothing is divided by the target {target}: {value} meets it, completion {share} %",
    ),
    "completion_unmet": (
        "目标 {target} 不宜作除数：{value} 未达到，完成率 {share} %",
        "nothing is divided by the target {target}: {value} does not meet it, completion {share} %",
    ),
    "completion_none": (
        "越低越好：{value} 优于目标 {target}，按上限 {share} % 计",
        "less is better: {value} against {target}, counted at the cap of {share} %",
    ),
    "capped": ("超过上限，按 {limit} % 计", "over the cap: {limit} % are counted"),
    "floored": ("低于下限，按 {limit} % 计", "below the floor: {limit} % are counted"),
    "zero_below": ("低于 {limit} %，不得分", "below {limit} %: no points"),
    # Scales
    "rank": (
        "组内第 {place} 名（共 {count} 个），得满分的 {percent} %",
        "place {place} of {count} in the group: {percent} % of full marks",
    ),
    "spread": (
        "{value} 在组内最低 {low} 与最高 {high} 之间，得满分的 {percent} %",
        "{value} between {low} and {high} of the group: {percent} % of full marks",
    ),
    "spread_equal": (
        "组内数值相同，得满分的 {percent} %",
        "the same figure throughout the group: {percent} % of full marks",
    ),
    "linear": (
        "{value}：{zero} 得零分，{full} 得满分，按比例得 {percent} %",
        "{value}: nothing at {zero}, full marks at {full}, in proportion {percent} %",
    ),
    "table_up": (
        "{value} 达到 {at} 档，得满分的 {percent} %",
        "{value} reaches {at}: {percent} % of full marks",
    ),
    "table_down": (
        "{value} 不超过 {at} 档，得满分的 {percent} %",
        "{value} is no more than {at}: {percent} % of full marks",
    ),
    "table_none": (
        "{value} 未达到任何一档，得满分的 {percent} %",
        "{value} reaches no line: {percent} % of full marks",
    ),
    "growth_level": (
        "（{growth} % × {growth_percent} % + {level} % × {level_percent} %）× {full} = {points} 分",
        "({growth} % × {growth_percent} % + {level} % × {level_percent} %) × {full} = {points}",
    ),
    # Base and cap
    "over_base": (
        "{value} ÷ 基准 {base} = {share} %",
        "{value} ÷ base {base} = {share} %",
    ),
    "coefficient": ("{value} 对应修正系数 {factor}", "{value} has the coefficient {factor}"),
    "corrected": (
        "{share} % × {full} 分 × 系数 {factor} = {points} 分",
        "{share} % × {full} points × coefficient {factor} = {points}",
    ),
    "awarded": ("{share} % × {full} 分 = {points} 分", "{share} % × {full} points = {points}"),
    # Judges
    "judged": (
        "{indicator}：{count} 名评委，去掉 {dropped}，平均 {mean}（满分 {out_of}）",
        "{indicator}: {count} judges, without {dropped} the mean is {mean} out of {out_of}",
    ),
    "too_few_judges": (
        "只有 {count} 名评委评分，至少需要 {minimum} 名",
        "{count} judges scored; at least {minimum} are needed",
    ),
    # Facts
    "counted": (
        "{fact}（{period}）：{count} × {each} = {points} 分",
        "{fact} ({period}): {count} × {each} = {points} points",
    ),
    "fact_limit": ("{fact}最多计 {limit} 分", "{fact} counts for at most {limit} points"),
    "limited": ("合计最多计 {limit} 分", "all together at most {limit} points"),
    "bonus": ("加 {points} 分", "{points} points added"),
    "no_bonus": ("没有加分事项", "nothing adds points"),
    "penalty": ("扣 {points} 分", "{points} points taken off"),
    "no_penalty": ("没有扣分事项", "nothing takes points off"),
    "struck_by": ("{fact}（{period}）", "{fact} ({period})"),
    "struck": ("一票否决：{count} 项", "struck by a veto: {count}"),
    "not_struck": ("没有一票否决事项", "no veto"),
    "effect_zero": ("总分计为 0", "the score becomes 0"),
    "effect_last": ("排在组内最后", "ranked last in the group"),
    "effect_class": ("定为 {class} 类", "put into class {class}"),
    # Lack of data
    "missing_zero": ("缺数据，计 0 分", "no data: 0 points"),
    "missing_exclude": (
        "缺数据，不计入，权重分给其他指标",
        "no data: left out, its weight goes to the others",
    ),
    "missing_worst": (
        "缺数据，按组内最低分 {points} 分计",
        "no data: the lowest points of the group, {points}",
    ),
    "missing_not_rated": ("缺数据，不参加评定", "no data: not rated"),
    "redistributed": (
        "分得缺数据指标的权重：满分 {before} → {after}，得 {points} 分",
        "takes over weight of what is left out: full marks {before} → {after}, {points} points",
    ),
    "not_rated": ("{count} 项缺数据，不参加评定", "not rated: no data for {count} criteria"),
    "nothing_left": ("全部缺数据，不参加评定", "not rated: no data at all"),
    "exempt": ("不参加评定：{fact}", "not rated: {fact}"),
    # Points and classes
    "scored": ("{name}：{points} 分（满分 {full} 分）", "{name}: {points} of {full} points"),
    "scored_extra": ("{name}：{points} 分", "{name}: {points} points"),
    "limit_low": (
        "合计 {sum} 分，低于下限，按 {limit} 分计",
        "the sum {sum} is below the least score: {limit}",
    ),
    "limit_high": (
        "合计 {sum} 分，高于上限，按 {limit} 分计",
        "the sum {sum} is above the greatest score: {limit}",
    ),
    "class_rank": (
        "{class} 类：第 {rank} 名，在 {count} 个的前 {to} %（前 {cut} 名）之内",
        "class {class}: place {rank} lies within the first {to} % of {count} (the first {cut})",
    ),
    "class_small": (
        "组内只有 {count} 个，少于 {smallest} 个，不分类",
        "{count} in the group, fewer than {smallest}: no classes",
    ),
    "class_score": ("{class} 类：{score} 分，达到 {at} 分", "class {class}: {score} reaches {at}"),
    "class_otherwise": ("{class} 类：未达到任何一档", "class {class}: no line is reached"),
    "class_forced": ("直接定为 {class} 类", "put into class {class}"),
}

#: What cannot be.
FAULTS: Final[Table] = {
    # Rows
    "row_twice": (
        "{subject} 的 {indicator}（{period}）已见于第 {line} 行",
        "{indicator} of {subject} for {period} stands in line {line} already",
    ),
    "two_groups": (
        "{subject} 在 {period} 既属于“{other}”（第 {line} 行）又属于“{group}”",
        "{subject} is in “{group}” for {period}, and in “{other}” in line {line}",
    ),
    "no_subject": ("没有写考核对象", "no subject is given"),
    "no_group": ("{subject} 没有写分组", "no group is given for {subject}"),
    "no_name": (
        "名称“{name}”太长或含有不可见字符",
        "“{name}” is no name: too long, or with signs that cannot be seen",
    ),
    "no_indicator": ("“{indicator}”不是指标代码", "“{indicator}” is no code of an indicator"),
    "no_period": (
        "“{period}”不是期间；应为 2024、2024H1、2024Q1 或 2024-03",
        "“{period}” is no period; expected as 2024, 2024H1, 2024Q1 or 2024-03",
    ),
    "unfit_number": (
        "“{value}”不是可用的数：整数部分最多 18 位，小数最多 12 位",
        "“{value}” is no number that can be used: at most 18 digits before the point, 12 after",
    ),
    "group_unknown": (
        "{subject} 的分组“{group}”不在方案中；方案的分组：{known}",
        "{subject} is in group “{group}”, which the scheme does not have; it has {known}",
    ),
    "negative_fact": (
        "{subject} 的 {fact} 为 {value}，不能小于 0",
        "{fact} of {subject} is {value}; it cannot be less than 0",
    ),
    # Formulas
    "formula_length": (
        "公式为空或太长；最多 {most} 个字符",
        "no formula, or a long one; expected at most {most} characters",
    ),
    "formula_syntax": (
        "公式在第 {column} 个字符处写错",
        "the formula cannot be read at its character {column}",
    ),
    "formula_unknown": (
        "公式中不能用 {name}",
        "formulas do not know {name}; expected + - * /, comparisons and functions",
    ),
    "formula_name": (
        '“{name}”不能直接写在公式中；指标代码请写作 v("代码")',
        '“{name}” cannot stand in a formula by itself; write v("code")',
    ),
    "formula_function": (
        "没有函数“{name}”；可用：{known}",
        "there is no function “{name}”; expected one of {known}",
    ),
    "formula_arguments": (
        "函数“{name}”需要 {fewest} 至 {most} 个参数",
        "“{name}” takes {fewest} to {most} arguments",
    ),
    "formula_quoted": (
        "“{name}”的第一个参数应为引号中的指标代码",
        "“{name}” takes an indicator's code in quotes first",
    ),
    "formula_places": (
        "小数位数应为 0 至 {most} 的整数",
        "the number of decimals is a whole number from 0 to {most}",
    ),
    "formula_missing": ("没有 {name} 的数据", "there is no value of {name}"),
    "formula_division": (
        "除数为 0 或数太大",
        "it divides by 0, or a number becomes too great",
    ),
    "formula_no_number": ("结果不是数", "its result is no number"),
    # Schemes
    "one_source": (
        "应在 indicator、number、formula 中写一个且只写一个",
        "expected one of “indicator”, “number” and “formula”",
    ),
    "measure_of_indicator": (
        "只有指标才能计算增速、增量或完成率",
        "growth, change and completion are of an indicator",
    ),
    "companion_of_indicator": (
        "目标是指标自己的伴随值；数值应写作指标",
        "only an indicator has a target of its own; name another one, or a number",
    ),
    "growth_of_indicator": (
        "增速由指标本身计算；否则请写 growth_value",
        "growth is of a plain indicator; else write “growth_value”",
    ),
    "floor_over_cap": ("下限高于上限", "the floor is above the cap"),
    "step_or_last": (
        "step 与 last 应写一个且只写一个",
        "expected one of “step” and “last”",
    ),
    "first_below_last": (
        "第一名的得分不能低于最后一名",
        "the first gets less than the last",
    ),
    "worst_over_best": ("最差的得分不能高于最好的", "the worst gets more than the best"),
    "zero_is_full": (
        "得零分的数与得满分的数相同",
        "the same figure cannot get nothing and full marks",
    ),
    "steps_order": (
        "各档应从好到差排列：{at} 写在 {before} 之后",
        "the best line stands first: {at} comes after {before}",
    ),
    "classes_order": (
        "各类应从前到后排列：{to} % 写在 {before} % 之后",
        "classes go down the ranks: {to} comes after {before}",
    ),
    "classes_end": (
        "最后一类应到 100 %，现为 {to} %",
        "the last class goes to 100 percent, not to {to}",
    ),
    "veto_without_effect": (
        "一票否决没有写后果：zero、last 或 class",
        "a veto without effect; expected “zero”, “last” or “class”",
    ),
    "key_twice": ("“{key}”出现两次", "“{key}” stands twice"),
    "ends_before": (
        "结束日 {end} 早于开始日 {start}",
        "{end} lies before the first day, {start}",
    ),
    "highest_below_lowest": (
        "最高分低于最低分",
        "the greatest score is below the least",
    ),
    "no_such_group": ("没有分组“{group}”", "there is no group “{group}”"),
    "no_such_contest": ("没有竞赛“{contest}”", "there is no contest “{contest}”"),
    "no_adjustment": (
        "竞赛之外只能有加分、扣分和一票否决，不能有 {kind}",
        "beside the contests only bonus, penalty and veto can stand, not {kind}",
    ),
    "extra_weight": (
        "{kind} 不占满分，不写权重",
        "{kind} stands beside the full marks and has no weight",
    ),
    "no_weight": ("“{key}”没有权重", "“{key}” has no weight"),
    "only_extras": (
        "“{key}”有权重，但其中没有计入满分的指标",
        "“{key}” has a weight, but nothing in it counts towards full marks",
    ),
    "weights_sum": (
        "“{key}”各指标权重之和为 {sum}，应为 {expected}",
        "weights in “{key}” add up to {sum}; expected {expected}",
    ),
    "weights_total": (
        "各竞赛权重之和为 {sum}，应为 {expected}（分组：{group}）",
        "weights of the contests add up to {sum}; expected {expected} (group: {group})",
    ),
    "tie_of_nothing": (
        "“{key}”不是本方案的指标、竞赛或数据",
        "“{key}” is no criterion, contest or indicator of this scheme",
    ),
}
