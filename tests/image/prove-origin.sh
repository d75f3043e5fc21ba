# shellcheck shell=sh disable=SC2016 # The programs in single quotes are of Node.
# Read by the shell of the origin's image, as its user: what must hold there. scripts/image.sh runs it.
check() { echo "  $*"; }
fail() { echo "  FAILED: $*" && exit 1; }

[ "$(id -u):$(id -g)" = 10001:10001 ] || fail "runs as $(id)"
for tool in cc gcc make npm git python3 curl ffmpeg; do
  ! command -v "$tool" >/dev/null || fail "$tool is in the image"
done
check "user $(id -u), no build tools, no ffmpeg"
[ "$(dpkg --print-architecture)" = "${ARCHITECTURE:?}" ] || fail "Debian is of $(dpkg --print-architecture), not $ARCHITECTURE"
node -e '
  const { ARCHITECTURE } = process.env;
  const { metadata, components } = JSON.parse(require("fs").readFileSync("/app/sbom.cdx.json", "utf8"));
  const must = (is, what) => { if (!is) throw new Error(`the list of components ${what}`); };
  const [{ value: platform }] = metadata.properties;
  must(platform === `linux/${ARCHITECTURE}`, `is of ${platform}`);
  for (const start of ["pkg:deb/debian/tini@", "pkg:npm/pino@", "pkg:npm/%40aws-sdk/client-s3@", "pkg:generic/node@"])
    must(components.some(({ purl = "" }) => purl.startsWith(start)), `lacks ${start}`);
  for (const { purl = "" } of components)
    must(["all", ARCHITECTURE].includes(/[?&]arch=([^&]*)/.exec(purl)?.[1] ?? "all"), `has ${purl}`);
  must(components.length > 100, `has only ${components.length}`);
  console.log(`  ${platform}, Node of ${process.arch}; list of components: ${components.length}, all of ${ARCHITECTURE} or of any`);'
! find /app -name '*.node' | grep . || fail 'a package of npm brings machine code, which is of one architecture'

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
METRICS_PORT=$(free_port)
HTTP_PORT=$(free_port)
export METRICS_PORT HTTP_PORT STORE=file:/var/lib/media/store PLAYER=true LOG_LEVEL=warn

tini -- node dist/encoder/origin/main.js >/tmp/origin.log 2>&1 &
origin=$!
tries=0
until node dist/encoder/image/health.js origin >/tmp/health 2>/dev/null; do
  tries=$((tries + 1))
  if [ $tries -gt 100 ] || ! kill -0 "$origin" 2>/dev/null; then cat /tmp/origin.log && fail 'it does not become well'; fi
  sleep 0.1
done
check "health: $(cat /tmp/health)"

node -e '
  const base = `http://127.0.0.1:${process.env.HTTP_PORT}`;
  const get = async (path, status = 200) => {
    const response = await fetch(base + path);
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status !== status) throw new Error(`${path} is ${response.status}: ${body}`);
    return body;
  };
  (async () => {
    await get("/live/absent/index.m3u8", 404);
    await get("/player/player.js");
    const multivariant = String(await get("/live/proof/index.m3u8"));
    const rendition = multivariant.split("\n").find((line) => line && !line.startsWith("#"));
    const playlist = String(await get(`/live/proof/${rendition}`));
    const segment = playlist.split("\n").find((line) => /\.m4s$/.test(line));
    const bytes = await get(new URL(segment, `${base}/live/proof/`).pathname);
    if (bytes.toString("latin1", 4, 8) !== "styp" && bytes.toString("latin1", 4, 8) !== "moof") throw new Error("no CMAF segment");
    console.log(`  serves ${rendition} and of it ${segment}, ${bytes.length} bytes`);
  })().catch((error) => { console.log(`  ${error.message}`); process.exit(1); });' || { cat /tmp/origin.log && fail 'it does not serve'; }

kill -TERM "$origin"
code=0
wait "$origin" || code=$?
[ "$code" = 0 ] || fail "SIGTERM ended it with $code"
check 'SIGTERM ends it, exit code 0'
