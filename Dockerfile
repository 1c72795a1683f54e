# syntax=docker/dockerfile:1
# The image of web, worker, beat and migrate; docker-compose.yml says which command each of them runs.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt /
RUN pip install --require-hashes -r /requirements.txt
COPY . /portal
WORKDIR /portal
# Settings are read here, but nothing is connected to: the values serve this one command.
RUN SECRET_KEY=only-for-collecting-static-files DATABASE_URL=postgres://nobody@127.0.0.1:1/none \
    STATIC_ROOT=/portal/collected python manage.py collectstatic --noinput \
    && python -m compileall -q /portal

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /state --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --mode 0700 /state /state/media
COPY --from=build /venv /venv
COPY --from=build /portal /portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=portal.settings \
    STATE_DIR=/state MEDIA_ROOT=/state/media STATIC_ROOT=/portal/collected
WORKDIR /portal
USER portal
EXPOSE 8000
VOLUME /state
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--no-control-socket", "--access-logfile", "-"]
