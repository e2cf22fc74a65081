# One image for every role: `docker build -t ocrchat .`, then `docker run --init -v ocrchat:/data -p 8000:8000 ocrchat`.
# What is installed is what `make run` installs: pinned and hashed, Tesseract's models from Debian.
FROM debian:bookworm-slim AS built
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY requirements.txt .
RUN python3 -m venv /opt/ocrchat && \
    /opt/ocrchat/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/ocrchat/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM debian:bookworm-slim
RUN apt-get update && \
    apt-get install -y --no-install-recommends python3 libseccomp2 ca-certificates fonts-dejavu-core && \
    rm -rf /var/lib/apt/lists/*
COPY --from=built /opt/ocrchat /opt/ocrchat
ENV PATH=/opt/ocrchat/bin:$PATH PYTHONUNBUFFERED=1 OCRCHAT_DATA=/data OCRCHAT_HOST=0.0.0.0
RUN apt-get update && apt-get install -y --no-install-recommends $(ocrchat languages --missing-packages) && \
    rm -rf /var/lib/apt/lists/*
# Nothing here needs root, any capability, or a writable image: files go to /data and /tmp.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data ocrchat && \
    install -d -o ocrchat -g ocrchat -m 700 /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["ocrchat"]
CMD ["up"]
