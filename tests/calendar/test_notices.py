"""Reading a year's notice, as it is pasted or as a list."""

from datetime import date

import pytest
from chinese_calendar import constants

from jiulong.calendar.notices import NoticeDay, NoticeError, read

#: The days are those of the notice for 2026.
NOTICE = """
各省、自治区、直辖市人民政府：
经批准，现将2026年放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""
LIST = "2027-01-01,holiday,元旦\n2027-05-01,holiday,劳动节\n2027-10-01,休,国庆节"


def kinds(days, kind):
    return {day.date for day in days if day.kind == kind}


def of_2026(table):
    return {day for day in table if day.year == 2026}


def test_it_reads_the_notice_as_the_package_has_it():
    days = read(NOTICE, 2026)
    assert kinds(days, "holiday") == of_2026(constants.holidays)
    assert kinds(days, "workday") == of_2026(constants.workdays)
    assert days[0] == NoticeDay(date(2026, 1, 1), "holiday", "元旦")
    assert [day.date for day in days] == sorted(day.date for day in days)


def test_it_reads_a_holiday_that_begins_the_year_before():
    text = NOTICE.replace(
        "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。",
        "一、元旦：2025年12月31日至2026年1月2日放假调休，共3天。",
    )
    assert read(text, 2026)[0] == NoticeDay(date(2025, 12, 31), "holiday", "元旦")


def test_it_reads_a_single_day_without_make_up():
    text = NOTICE.replace(
        "1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班",
        "1月1日（周四）放假1天，不调休",
    )
    assert kinds(read(text, 2026), "holiday") == of_2026(constants.holidays) - {
        date(2026, 1, 2),
        date(2026, 1, 3),
    }


def test_it_reads_a_list():
    text = LIST + "\n2027/2/6;班;春节\n\n日期,类别,名称\n2027年10月9日 上班"
    assert read(text, 2027) == [
        NoticeDay(date(2027, 1, 1), "holiday", "元旦"),
        NoticeDay(date(2027, 2, 6), "workday", "春节"),
        NoticeDay(date(2027, 5, 1), "holiday", "劳动节"),
        NoticeDay(date(2027, 10, 1), "holiday", "国庆节"),
        NoticeDay(date(2027, 10, 9), "workday", ""),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (LIST + "\n2027-02-06,maybe", ["Line 4: “maybe” is neither holiday nor workday"]),
        (LIST + "\n2027-02-30,休", ["Line 4: day is out of range for month"]),
        (LIST + "\n2027-10-01,班", ["Line 4: 2027-10-01 is named twice."]),
        (LIST + "\n2027-02-08,班", ["2027-02-08 is a weekday: it is worked anyway."]),
        (LIST + "\n2028-02-01,休", ["2028-02-01 is not in that year."]),
        (
            LIST + "\n三、清明节：4月5日（周六）放假1天。",
            ["Line 4: 2027-04-05 is no 周六: is this another year's notice?"],
        ),
        (
            LIST + "\n三、清明节：4月4日至6日放假，共4天。",
            ["Line 4: 2027-04-04 to 2027-04-06 is not as long as the notice says"],
        ),
        (LIST + "\n三、清明节：另行通知。", ["Line 4: no days off found after the holiday's name"]),
        (
            LIST + "\n4月4日至6日放假",
            ["Line 4: has a date, but is neither a list's line nor a holiday's item"],
        ),
        (
            "",
            [
                "2027-01-01 is a holiday by law, but not in the text.",
                "2027-05-01 is a holiday by law, but not in the text.",
                "2027-10-01 is a holiday by law, but not in the text.",
            ],
        ),
    ],
)
def test_it_says_what_is_wrong_and_where(text, faults, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(NoticeError) as caught:
        read(text, 2027)
    assert list(map(str, caught.value.faults)) == faults
