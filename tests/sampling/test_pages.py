"""Pages: the whole way of a sample through forms, and who sees which of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jiulong.evidence.models import Attachment
from jiulong.organisation.models import User
from jiulong.sampling import actions, drawing
from jiulong.sampling.models import Draw, Sample, SamplingRule
from tests.evidence.pictures import jpeg
from tests.factories import make_limit
from tests.sampling.world import again, answered, filled, heard, make_world, ordered

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def get(user: User, name: str, *args: Any, query: str = "") -> Any:
    return browser(user).get(reverse(f"sampling:{name}", args=args) + query)


def post(user: User, name: str, *args: Any, **fields: Any) -> Any:
    return browser(user).post(reverse(f"sampling:{name}", args=args), fields)


def act(user: User, sample: Sample, action: str, **fields: Any) -> Any:
    return post(user, "act", sample.pk, action, **fields)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_sample_goes_all_the_way_through_the_pages() -> None:
    world, now = make_world(), timezone.now()
    make_limit(world.sampler.point, "w01018", "100")
    heard(world, now)
    code = world.sampler.point.code
    assert get(world.officer, "order", code).status_code == 200
    made = post(world.officer, "order", code, purpose="enforcement", trigger="suspicion",
                factors=["w01018"], reason="夜间突变")  # fmt: skip
    sample = Sample.objects.get()
    assert made.url == reverse("sampling:sample", args=[sample.pk])
    assert "Confirm the order" not in text(get(world.officer, "sample", sample.pk))
    assert "Confirm the order" in text(get(world.second, "sample", sample.pk))
    assert get(world.second, "act", sample.pk, "confirm").status_code == 200
    act(world.second, sample, "confirm")
    answered(
        again(sample), now, VaseNo="1", DataTime=timezone.localtime(now).strftime("%Y%m%d%H%M%S")
    )

    page = text(get(world.officer, "sample", sample.pk))
    assert "Seal the bottle" in page
    assert "Evidence clocks" in page
    seal = {"certificate": "闽E001", "seal_number": "F-9", "witness": "refused",
            "refusal": "拒绝到场"}  # fmt: skip
    without = act(world.officer, sample, "seal", **seal)
    assert without.status_code == 422
    assert "photograph" in text(without)
    photo = SimpleUploadedFile("seal.jpg", jpeg(), "image/jpeg")
    assert act(world.officer, sample, "seal", **seal, files=photo).status_code == 302
    assert Attachment.objects.get().purpose == "witness"
    own = act(world.officer, sample, "cosign", certificate="闽E001")
    assert (own.status_code, again(sample).state) == (422, "sealing")
    form = text(get(world.second, "act", sample.pk, "cosign"))
    assert 'value="闽E00' not in form
    act(world.second, sample, "cosign", certificate="闽E002")
    act(world.second, sample, "collect", certificate="闽E002")
    assert 'value="闽E001"' in text(get(world.officer, "act", sample.pk, "cosign"))
    act(world.officer, sample, "cosign", certificate="闽E001")
    act(world.officer, sample, "hand_over", laboratory=world.laboratory.pk, temperature_c="4.2")
    assert again(sample).state == "handed_over"

    bench = text(get(world.lab, "bench_sample", sample.code))
    for secret in (world.sampler.point.outfall.enterprise.name, sample.number, code):
        assert secret not in bench
        assert secret not in text(get(world.lab, "bench"))
    post(world.lab, "bench_sample", sample.code, step="receive", temperature_c="4.9", intact="on")
    report = SimpleUploadedFile("r.txt", "检测报告".encode(), "text/plain")
    entered = post(
        world.lab, "bench_sample", sample.code, step="result", factor="w01018", value="96.5",
        method="HJ 828-2017", report="JC-1", file=report,
        analysed_at=timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    assert entered.status_code == 302
    assert "96.5" in text(get(world.officer, "sample", sample.pk))
    post(world.lab, "bench_sample", sample.code, step="dispose", witness="李工")
    assert again(sample).state == "disposed"
    assert "Nothing is left" in text(get(world.lab, "bench_sample", sample.code))
    assert Attachment.objects.filter(purpose="report", subject="sampling.sample").exists()


def test_the_enterprise_learns_of_it_when_it_was_taken_and_no_sooner() -> None:
    world = make_world()
    sample = ordered(world)
    assert get(world.owner, "sample", sample.pk).status_code == 404
    answered(sample, timezone.now(), VaseNo="1")
    page = get(world.owner, "sample", sample.pk)
    assert page.status_code == 200
    assert "Seal the bottle" not in text(page)
    assert get(world.sibling, "sample", sample.pk).status_code == 404
    assert get(world.lab, "sample", sample.pk).status_code == 404
    assert get(world.owner, "sampler", world.sampler.point.code).status_code == 404
    assert sample.number in text(get(world.owner, "samples"))
    assert sample.number not in text(get(world.sibling, "samples"))


def test_steps_are_asked_of_who_may_do_them_and_only_in_their_turn() -> None:
    world = make_world()
    sample = filled(world)
    assert get(world.desk, "act", sample.pk, "seal").status_code == 403
    assert get(world.owner, "act", sample.pk, "seal").status_code == 403
    assert get(world.officer, "act", sample.pk, "fly").status_code == 404
    assert get(world.officer, "act", sample.pk, "collect").status_code == 302
    late = act(world.officer, sample, "collect", certificate="1")
    assert (late.status_code, "Out of order" in text(late)) == (422, True)
    assert get(world.officer, "bench").status_code == 403
    assert get(world.other_lab, "bench_sample", sample.code).status_code == 404
    assert get(world.observer, "run").status_code == 403
    assert get(world.observer, "labels").status_code == 403


def test_a_label_leads_everybody_to_their_own_page() -> None:
    world = make_world()
    sample = filled(world)
    labels = text(get(world.officer, "labels"))
    assert sample.code in labels
    assert world.sampler.point.outfall.enterprise.name not in re.sub(
        r"<title>.*?</title>", "", labels
    )
    assert get(world.officer, "scan", sample.code.lower()).url == reverse(
        "sampling:sample", args=[sample.pk]
    )
    assert get(world.lab, "scan", sample.code).status_code == 404
    Sample.objects.update(state="received", laboratory=world.laboratory)
    assert get(world.lab, "scan", sample.code).url == reverse(
        "sampling:bench_sample", args=[sample.code]
    )


def test_papers_and_bundles_leave_for_who_sees_the_sample(settings: Any, tmp_path: Any) -> None:
    settings.SEAL_KEYS = tmp_path / "keys"
    world = make_world()
    sample = filled(world)
    for user, status in (
        (world.officer, 200), (world.owner, 200), (world.sibling, 404), (world.lab, 404),
        (world.administrator, 403),
    ):  # fmt: skip
        answer = post(user, "dossier", sample.pk)
        assert answer.status_code == status
        if answer.streaming:  # read to its end, or the file stays open
            assert b"".join(answer.streaming_content).startswith(b"PK")
    for user, status in ((world.owner, 200), (world.sibling, 404), (world.lab, 404)):
        assert get(user, "paper", sample.pk, "pdf").status_code == status


def test_a_run_is_ordered_printed_and_chosen_from() -> None:
    world = make_world()
    assert "Nothing waits" in text(get(world.officer, "run"))
    sample = filled(world)
    page = text(get(world.officer, "run"))
    assert sample.number in page
    assert "sketch-way" in page
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        made = get(world.officer, "run", query=f"?as={form}&by=clock&pick={sample.pk}")
        assert made.content.startswith(start)
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert get(world.officer, "paper", sample.pk, form).content.startswith(start)
    assert get(world.officer, "paper", sample.pk, "exe").status_code == 404


def test_samplers_are_shown_set_up_and_filled_up_again() -> None:
    world = make_world()
    code = world.sampler.point.code
    sample = filled(world)
    page = text(get(world.officer, "sampler", code))
    assert page.count('class="bottle bottle-free"') == 2 + 1  # the legend has one
    assert sample.number in page
    assert code in text(get(world.observer, "samplers")) or "samplers" in page
    assert get(world.officer, "sampler_edit", code).status_code == 403
    wrong = post(world.administrator, "sampler_edit", code, bottles="0")
    assert wrong.status_code == 422
    good = {"bottles": 5, "volume_ml": 500, "command": "3012", "factor_code": "w21003"}
    more = {"min_interval_min": 10, "temperature_code": "i33101", "active": "on"}
    post(world.administrator, "sampler_edit", code, **good, **more)
    world.sampler.refresh_from_db()
    assert (world.sampler.bottles, world.sampler.command) == (5, "3012")
    world.sampler.places.filter(position=2).update(state="collected")
    assert post(world.observer, "renew", code).status_code == 403
    post(world.desk, "renew", code, note="换瓶")
    assert world.sampler.places.filter(state="free").count() == 4
    panel = browser(world.officer).get(reverse("monitoring:point", args=[code]))
    assert reverse("sampling:sampler", args=[code]) in text(panel)


def test_an_order_that_is_refused_says_why() -> None:
    world = make_world()
    code = world.sampler.point.code
    page = get(world.officer, "order", code)
    assert "not connected" in text(page)
    refused = post(world.officer, "order", code, purpose="check", trigger="hand", reason="x")
    assert (refused.status_code, "not connected" in text(refused)) == (422, True)
    assert get(world.observer, "order", code).status_code == 403
    assert get(world.officer, "order", "NONE").status_code == 404


def test_a_draw_tells_its_seed_when_it_is_taken_and_can_be_recomputed() -> None:
    world = make_world()
    now = timezone.now()
    rule = SamplingRule.objects.create(code="t.draw", spec={"on": "random", "purpose": "check"})
    draw = actions.promise_draw(
        rule=rule, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2), count=1,
        now=now,
    )  # fmt: skip
    assert draw is not None
    page = text(get(world.officer, "draw", draw.pk))
    assert draw.seed_sha256 in page
    assert draw.seed not in page
    assert draw.seed not in text(get(world.officer, "draws"))
    assert get(world.owner, "draw", draw.pk).status_code == 404
    heard(world, now)
    (sample,) = actions.take_draw(draw=draw, now=now)
    assert actions.take_draw(draw=draw, now=now) == []
    assert (sample.trigger, sample.state) == ("random", "ordered")
    # It is still under way: whom the draw hit is told when the bottle is filled.
    assert get(world.owner, "draw", draw.pk).status_code == 404
    assert get(world.sibling, "draw", draw.pk).status_code == 404
    answered(sample, now, state="unknown", result="")
    assert get(world.owner, "draw", draw.pk).status_code == 404
    answered(sample, now, VaseNo="1", DataTime="20260310120003")
    page = text(get(world.owner, "draw", draw.pk))
    assert draw.seed in page
    assert "recomputed: right" in page
    Draw.objects.update(drawn=["OTHER"])
    assert "recomputed: wrong" in text(get(world.officer, "draw", draw.pk))
    assert drawing.digest(draw.seed) == draw.seed_sha256


def test_lists_need_few_queries_however_long(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    world = make_world(bottles=20)
    first = filled(world)
    for number in range(8):
        Sample.objects.create(
            number=f"X{number}", code=f"C{number}", sampler=world.sampler, point=first.point,
            trigger="hand", purpose="check", reason="x", state="filled", factors=["w01018"],
            ordered_at=first.ordered_at, sampled_at=first.sampled_at,
            bottle=world.sampler.places.get(position=number + 2), position=number + 2,
        )  # fmt: skip
    client = browser(world.officer)
    for name, budget in (("samples", 24), ("samplers", 22), ("run", 24), ("labels", 24)):
        with django_assert_max_num_queries(budget):
            assert client.get(reverse(f"sampling:{name}")).status_code == 200
    with django_assert_max_num_queries(36):
        client.get(reverse("sampling:sample", args=[first.pk]))


def test_programs_read_the_same() -> None:
    world = make_world()
    sample = filled(world)
    client = browser(world.officer)
    listed = client.get(f"/api/samples?point={world.sampler.point.code}").json()
    assert [row["number"] for row in listed["items"]] == [sample.number]
    assert {clock["factor"] for clock in listed["items"][0]["clocks"]} == {"w01018", "w21003"}
    told = client.get(f"/api/samples/{sample.pk}").json()
    assert (told["sample"]["state"], told["results"]) == ("filled", [])
    assert browser(world.sibling).get(f"/api/samples/{sample.pk}").status_code == 404


def test_the_logger_s_page_leaves_samples_to_the_sampler() -> None:
    world = make_world()
    pages = [
        reverse("gateway:logger", args=[world.logger.mn]),
        reverse("monitoring:point", args=[world.sampler.point.code]),
    ]
    client, button = browser(world.desk), "?cn=3015"
    assert [button in text(client.get(page)) for page in pages] == [False, False]
    type(world.sampler).objects.update(active=False)
    assert [button in text(client.get(page)) for page in pages] == [True, True]
