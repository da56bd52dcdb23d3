from django.http import HttpRequest, HttpResponse


async def stream(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)
