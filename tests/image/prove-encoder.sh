# Read by the shell of the encoder's image, as its user: what must hold there. scripts/image.sh runs it.
check() { echo "  $*"; }
fail() { echo "  FAILED: $*" && exit 1; }

[ "$(id -u):$(id -g)" = 10001:10001 ] || fail "runs as $(id)"
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
node -e '
  const { components } = JSON.parse(require("fs").readFileSync("/app/sbom.cdx.json", "utf8"));
  const has = (start) => components.some(({ purl = "" }) => purl.startsWith(start));
  for (const start of ["pkg:deb/debian/ffmpeg@", "pkg:deb/debian/libsrt1.5-gnutls@", "pkg:npm/pino@", "pkg:npm/%40aws-sdk/client-s3@", "pkg:generic/node@"])
    if (!has(start)) throw new Error(`the list of components lacks ${start}`);
  console.log(`  list of components: ${components.length}`);'

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
METRICS_PORT=$(free_port)
SRT_PORT=$(free_port)
export METRICS_PORT SRT_PORT CHANNEL=proof STORE=file:/var/lib/media/store LADDER=tiny LOG_LEVEL=warn

code=0
ENCODER=nvenc node dist/encoder/main.js >/tmp/nvenc.log 2>&1 || code=$?
if [ -e /dev/nvidiactl ]; then check 'a GPU is here'; else
  [ "$code" = 78 ] || fail "without a GPU ENCODER=nvenc ended with $code, not 78"
  check "ENCODER=nvenc refuses to start without a GPU: exit code 78"
fi

code=0
node dist/encoder/image/health.js encoder >/dev/null 2>&1 || code=$?
[ "$code" = 1 ] || fail "the health check said $code of an encoder that does not run"

tini -- node dist/encoder/main.js >/tmp/encoder.log 2>&1 &
encoder=$!
segments() { find /var/lib/media/store -path '*/live/proof/s/*' -name '*.m4s' 2>/dev/null | wc -l; }
tries=0
until [ "$(segments)" -ge 3 ]; do
  tries=$((tries + 1))
  if [ $tries -gt 300 ] || ! kill -0 "$encoder" 2>/dev/null; then cat /tmp/encoder.log && fail 'no segments'; fi
  sleep 0.2
done
node dist/encoder/image/health.js encoder >/tmp/health || fail 'it is not well while it encodes'
check "encodes the test source into $(segments) segments; health: $(cat /tmp/health)"

asked=$(date +%s)
kill -TERM "$encoder"
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

# Through the image's SRT front: SRT in, segments out.
export CHANNEL=srt SOURCE=srt
tini -- node dist/encoder/main.js >/tmp/srt.log 2>&1 &
encoder=$!
tries=0
until ffmpeg -hide_banner -nostdin -loglevel error -re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i sine=sample_rate=48000 \
  -t 12 -c:v libx264 -preset ultrafast -tune zerolatency -g 30 -c:a aac -f mpegts "srt://127.0.0.1:$SRT_PORT?mode=caller&connect_timeout=1000" 2>/tmp/caller.log; do
  tries=$((tries + 1))
  [ $tries -le 20 ] || { cat /tmp/srt.log /tmp/caller.log && fail 'the SRT port takes no caller'; }
  sleep 0.3
done
node -e '
  fetch(`http://127.0.0.1:${process.env.METRICS_PORT}/metrics`).then((r) => r.text()).then((text) => {
    const bytes = text.split("\n").filter((line) => /^media_\w*bytes\w*(\{.*srt.*\})? \d/.test(line) || /^media_srt\w*bytes/.test(line));
    console.log("  " + bytes.join("; "));
  });'
kill -TERM "$encoder"
code=0
wait "$encoder" || code=$?
[ "$code" = 0 ] || { cat /tmp/srt.log && fail "SIGTERM ended it with $code"; }
[ "$(find /var/lib/media/store -path '*/live/srt/s/*' -name '*.m4s' | wc -l)" -ge 2 ] || fail 'SRT gave no segments'
check 'SRT in, segments out'
