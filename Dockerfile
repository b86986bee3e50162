# syntax=docker/dockerfile:1
# One image for all services: `reluth serve NAME`; the command line for one-shot steps too. Settings: docs/settings.md.
# Embedded mode (`reluth up`) is not in it: a container is given PostgreSQL and Kafka by address.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src
RUN python -m venv --without-pip /opt/reluth
# packages before the code: a changed line of ours does not install them again
COPY requirements-image.lock ./
RUN python -m pip --python /opt/reluth/bin/python install \
        --require-hashes --no-deps --only-binary :all: --requirement requirements-image.lock
COPY pyproject.toml README.md ./
COPY contracts contracts
COPY services services
# setuptools is in the lock to build ourselves with, and leaves again
RUN python -m pip --python /opt/reluth/bin/python install --no-deps --no-index --no-build-isolation . \
    && python -m pip --python /opt/reluth/bin/python uninstall --yes setuptools \
    && /opt/reluth/bin/python -m compileall -q /opt/reluth/lib

FROM python:3.11-slim
# the base image's own installer has nothing to do here, and much to offer to an intruder
RUN python -m pip uninstall --yes --root-user-action=ignore pip
COPY --from=build /opt/reluth /opt/reluth
# RELUTH_MODE: nothing is invented: no issuer, no key, no server of our own. Files of Python are compiled already, and
# the root may be read-only.
ENV PATH=/opt/reluth/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RELUTH_MODE=external
# a number, so that an orchestrator can see that it is not root
USER 10001:10001
WORKDIR /
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "services.cli.probe"]
ENTRYPOINT ["reluth"]
CMD ["--help"]
