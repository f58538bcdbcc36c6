# One static binary and nothing else: no shell, no package, no user database.
# Pin both images by digest where your registry mirror gives you one.
FROM golang:1.26.8 AS build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The context has no .git, so that the version has to be told.
ARG VERSION=unversioned
RUN go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=${VERSION}" -o /out/sipas ./cmd/sipas \
 # A new named volume takes owner and mode from the folder in the image.
 && install -d -m 0700 /out/writable/data /out/writable/keys

FROM scratch
ARG VERSION=unversioned
LABEL org.opencontainers.image.title="sipas" \
      org.opencontainers.image.description="Satisfaction survey, petitions and complaints of a department's one-stop desk" \
      org.opencontainers.image.version="${VERSION}"
# For mongodb+srv, mail and single sign-on. Time zones are in the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/sipas /sipas
COPY --from=build --chown=65532:65532 /out/writable/ /
# A number, so that an orchestrator can see that it is not root.
USER 65532:65532
# Where the embedded store is, and where SQLite puts temporary files.
WORKDIR /data
ENV SIPAS_DATA=/data SIPAS_ADDR=:8080
EXPOSE 8080
# No shell and no curl here: the program asks its own /readyz.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/sipas", "health"]
ENTRYPOINT ["/sipas"]
CMD ["serve"]
