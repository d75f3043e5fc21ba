# shellcheck shell=sh disable=SC2016 # The programs in single quotes are of Node.
# Read by the shell of the encoder's image, as its user: what must hold there. scripts/image.sh runs it.
check() { echo "  $*"; }
fail() { echo "  FAILED: $*" && exit 1; }
started=''
leave() { for process in $started; do kill "$process" 2>/dev/null || true; done; }
trap leave EXIT

[ "$(id -u):$(id -g)" = 10001:10001 ] || fail "runs as $(id)"

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
METRICS_PORT=$(free_port)
SRT_METRICS_PORT=$(free_port)
SRT_PORT=$(free_port)
export METRICS_PORT SRT_METRICS_PORT SRT_PORT CHANNEL=proof STORE=file:/var/lib/media/store LADDER=tiny LOG_LEVEL=warn

# Through the image's SRT front: SRT in, segments out. It takes its time while the rest is proved.
METRICS_PORT=$SRT_METRICS_PORT CHANNEL=srt SOURCE=srt tini -- node dist/encoder/main.js >/tmp/srt.log 2>&1 &
srt=$!
started=$srt
contribute() {
  tries=0
  until ffmpeg -hide_banner -nostdin -loglevel error -re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=sample_rate=48000 \
    -t 6 -c:v libx264 -preset ultrafast -tune zerolatency -g 30 -c:a aac -f mpegts "srt://127.0.0.1:$SRT_PORT?mode=caller&connect_timeout=1000" 2>/tmp/caller.log; do
    tries=$((tries + 1))
    [ $tries -le 20 ] || return 1
    sleep 0.3
  done
}
contribute &
caller=$!
started="$started $caller"

for tool in cc gcc make npm git python3 curl debootstrap; do
  ! command -v "$tool" >/dev/null || fail "$tool is in the image"
done
! touch /app/written 2>/dev/null || fail '/app can be written by its user'
check "user $(id -u), no build tools, /app read-only for it"

ffmpeg -hide_banner -encoders 2>/dev/null >/tmp/encoders
ffmpeg -hide_banner -filters 2>/dev/null >/tmp/filters
for name in hevc_nvenc h264_nvenc libx264 libx265; do grep -qw "$name" /tmp/encoders || fail "ffmpeg has no encoder $name"; done
for name in scale_cuda hwupload_cuda; do grep -qw "$name" /tmp/filters || fail "ffmpeg has no filter $name"; done
check "$(ffmpeg -version | head -n 1 | cut -d ' ' -f 1-3): NVENC, scale_cuda, x264, x265"
! ldd /app/dist/encoder/ingest/srt-front/srt-front | grep 'not found' || fail 'the SRT front lacks a library'

[ "$(dpkg --print-architecture)" = "${ARCHITECTURE:?}" ] || fail "Debian is of $(dpkg --print-architecture), not $ARCHITECTURE"
node -e '
  const { ARCHITECTURE } = process.env;
  const { metadata, components } = JSON.parse(require("fs").readFileSync("/app/sbom.cdx.json", "utf8"));
  const must = (is, what) => { if (!is) throw new Error(`the list of components ${what}`); };
  const [{ value: platform }] = metadata.properties;
  must(platform === `linux/${ARCHITECTURE}`, `is of ${platform}`);
  for (const start of ["pkg:deb/debian/ffmpeg@", "pkg:deb/debian/libsrt1.5-gnutls@", "pkg:npm/pino@", "pkg:npm/%40aws-sdk/client-s3@", "pkg:generic/node@"])
    must(components.some(({ purl = "" }) => purl.startsWith(start)), `lacks ${start}`);
  for (const { purl = "" } of components)
    must(["all", ARCHITECTURE].includes(/[?&]arch=([^&]*)/.exec(purl)?.[1] ?? "all"), `has ${purl}`);
  must(components.length > 100, `has only ${components.length}`);
  console.log(`  ${platform}, Node of ${process.arch}; list of components: ${components.length}, all of ${ARCHITECTURE} or of any`);'
! find /app -name '*.node' | grep . || fail 'a package of npm brings machine code, which is of one architecture'

code=0
ENCODER=nvenc node dist/encoder/main.js >/tmp/nvenc.log 2>&1 || code=$?
if [ -e /dev/nvidiactl ]; then check 'a GPU is here'; else
  [ "$code" = 78 ] || fail "without a GPU ENCODER=nvenc ended with $code, not 78"
  check "ENCODER=nvenc refuses to start without a GPU: exit code 78"
fi

code=0
node dist/encoder/image/health.js encoder >/dev/null 2>&1 || code=$?
[ "$code" = 1 ] || fail "the health check said $code of an encoder that does not run"

code=0
aws-media doctor --json >/tmp/doctor.json || code=$?
[ "$code" -le 1 ] || fail "aws-media doctor ended with $code"
node -e '
  const { checks } = JSON.parse(require("fs").readFileSync("/tmp/doctor.json", "utf8"));
  const status = Object.fromEntries(checks.map((check) => [check.id, check.status]));
  for (const id of ["ffmpeg", "ffmpeg-parts", "encode-hevc-10", "decode-hevc", "nvenc-filters", "srt-library", "srt-front"])
    if (!["ok", "skipped"].includes(status[id]) || status[id] === undefined) throw new Error(`${id}: ${status[id]}`);
' || { cat /tmp/doctor.json && fail 'aws-media doctor finds fault with its own image'; }
code=0
aws-media up >/dev/null 2>&1 || code=$?
[ "$code" = 2 ] || fail "aws-media takes a command that it does not have ($code)"
check 'aws-media doctor examines the image from inside, and finds what an encoder needs'

tini -- node dist/encoder/main.js >/tmp/encoder.log 2>&1 &
encoder=$!
started="$started $encoder"
segments() { find /var/lib/media/store -path '*/live/proof/s/*' -name '*.m4s' 2>/dev/null | wc -l; }
tries=0
until [ "$(segments)" -ge 3 ]; do
  tries=$((tries + 1))
  if [ $tries -gt 300 ] || ! kill -0 "$encoder" 2>/dev/null; then cat /tmp/encoder.log && fail 'no segments'; fi
  sleep 0.2
done
node dist/encoder/image/health.js encoder >/tmp/health || fail 'it is not well while it encodes'
check "encodes the test source into $(segments) segments; health: $(cat /tmp/health)"

wait "$caller" || { cat /tmp/srt.log /tmp/caller.log && fail 'the SRT port takes no caller'; }
node -e '
  fetch(`http://127.0.0.1:${process.env.SRT_METRICS_PORT}/metrics`).then((r) => r.text()).then((text) => {
    const bytes = text.split("\n").filter((line) => /^media_\w*bytes\w*(\{.*srt.*\})? \d/.test(line) || /^media_srt\w*bytes/.test(line));
    console.log("  " + bytes.join("; "));
  });'

asked=$(date +%s)
kill -TERM "$encoder" "$srt"
code=0
wait "$encoder" || code=$?
[ "$code" = 0 ] || { cat /tmp/encoder.log && fail "SIGTERM ended it with $code"; }
took=$(($(date +%s) - asked))
# ECS's own limit where a task definition names none.
[ $took -lt 30 ] || fail "SIGTERM ended it after $took s"
check "SIGTERM ends it, exit code 0, after $took s"
code=0
node dist/encoder/image/health.js encoder >/dev/null 2>&1 || code=$?
[ "$code" = 1 ] || fail "the health check said $code of an encoder that has ended"

code=0
wait "$srt" || code=$?
[ "$code" = 0 ] || { cat /tmp/srt.log && fail "SIGTERM ended it with $code"; }
segments=$(find /var/lib/media/store -path '*/live/srt/s/*' -name '*.m4s' | wc -l)
[ "$segments" -ge 2 ] || fail "SRT gave $segments segments"
check "SRT in, segments out: $segments"
