#include "gate.h"
#include "frame.h"
#include "km.h"
#include "limit.h"
#include "received.h"
#include <pthread.h>
#include <srt/access_control.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Reported one by one; of more within one turn of the main loop, the number. */
#define REFUSALS 32
#define HANDSHAKE_VERSION 5

enum reason { BUSY, STREAM_ID, PASSPHRASE, UNENCRYPTED, KEY_LENGTH, FORMAT, REASONS };

static const struct {
    const char *name;
    int code; /* what the caller is told */
} reasons[REASONS] = {
    [BUSY] = {"busy", SRT_REJX_CONFLICT},
    [STREAM_ID] = {"stream-id", SRT_REJX_FORBIDDEN},
    [PASSPHRASE] = {"passphrase", SRT_REJX_UNAUTHORIZED},
    [UNENCRYPTED] = {"unencrypted", SRT_REJX_UNAUTHORIZED},
    [KEY_LENGTH] = {"key-length", SRT_REJX_UNACCEPTABLE},
    [FORMAT] = {"format", SRT_REJX_BAD_REQUEST},
};

struct refusal {
    enum reason reason;
    char address[ADDRESS_MAX];
    const char *detail; /* a constant */
};

static const struct config *config;
static int wake = -1;
/* For all that follows: the receiving thread writes it, the main thread reads it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool taken;
static struct admission admitted = {.socket = SRT_INVALID_SOCK};
static struct refusal refusals[REFUSALS];
static int refused;
static unsigned more[REASONS];

int gate_open(const struct config *with) {
    config = with;
    wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return wake;
}

static void report_later(enum reason reason, const struct sockaddr *peer, const char *detail) {
    pthread_mutex_lock(&lock);
    if (refused < REFUSALS) {
        struct refusal *refusal = &refusals[refused++];
        refusal->reason = reason;
        refusal->detail = detail;
        text_address(peer, refusal->address);
    } else {
        more[reason]++;
    }
    pthread_mutex_unlock(&lock);
    const uint64_t one = 1;
    (void)!write(wake, &one, sizeof one);
}

static int refuse(SRTSOCKET socket, enum reason reason, const struct sockaddr *peer, const char *detail) {
    srt_setrejectreason(socket, reasons[reason].code);
    report_later(reason, peer, detail);
    return -1;
}

/* A stream id may serve as a key: takes as long for a near miss as for a far one. */
static bool same(const char *expected, const char *given) {
    size_t length = strlen(expected);
    unsigned char differs = 0;
    if (strlen(given) != length) return false;
    for (size_t i = 0; i < length; i++) differs |= (unsigned char)(expected[i] ^ given[i]);
    return differs == 0;
}

static bool is_taken(void) {
    pthread_mutex_lock(&lock);
    bool now = taken;
    pthread_mutex_unlock(&lock);
    return now;
}

/* The number of the passphrase that the caller has, from 1; 0 where it has none of ours. */
static int which(const struct km *km) {
    for (int i = 0; i < config->passphrases; i++)
        if (km_fits(km, config->passphrase[i])) return i + 1;
    return 0;
}

int gate_request(void *unused, SRTSOCKET socket, int version, const struct sockaddr *peer, const char *stream_id) {
    (void)unused;
    struct handshake handshake;
    struct km km = {0};
    int passphrase = 0;
    limit_count(LIMIT_HANDSHAKES, peer, text_now_ms()); /* received.c asks */
    /* First, so that while a caller is in use nobody costs it more than this. */
    if (is_taken()) return refuse(socket, BUSY, peer, "another caller is in use");
    if (version < HANDSHAKE_VERSION)
        return refuse(socket, FORMAT, peer, "it speaks SRT older than 1.3: update the caller");
    if (*config->stream_id != '\0' && !same(config->stream_id, stream_id))
        return refuse(socket, STREAM_ID, peer, "another stream id is set here");
    if (received_handshake(peer, &handshake) != 0)
        return refuse(socket, FORMAT, peer, "its handshake could not be seen");
    switch (km_find(handshake.extensions, handshake.length, &km)) {
    case KM_MALFORMED:
        return refuse(socket, FORMAT, peer, "its key material is malformed");
    case KM_NONE:
        if (config->passphrases > 0)
            return refuse(socket, UNENCRYPTED, peer, "it does not encrypt, and a passphrase is set here");
        break;
    case KM_FOUND:
        if (config->passphrases == 0)
            return refuse(socket, PASSPHRASE, peer, "it encrypts, and no passphrase is set here");
        if (config->key_length != 0 && (size_t)config->key_length != km.key_length)
            return refuse(socket, KEY_LENGTH, peer, "another key length is set here");
        if (limit_reached(LIMIT_PASSPHRASES, peer, text_now_ms()))
            return refuse(socket, PASSPHRASE, peer, "too many wrong ones came before it: not checked");
        passphrase = which(&km);
        if (passphrase == 0) {
            limit_count(LIMIT_PASSPHRASES, peer, text_now_ms());
            return refuse(socket, PASSPHRASE, peer, "its passphrase is not one that is set here");
        }
        const char *fits = config->passphrase[passphrase - 1];
        if (srt_setsockflag(socket, SRTO_PASSPHRASE, fits, (int)strlen(fits)) != 0)
            return refuse(socket, FORMAT, peer, "its passphrase could not be set");
    }
    pthread_mutex_lock(&lock);
    taken = true;
    admitted = (struct admission){.socket = socket, .passphrase = passphrase, .key_length = (int)km.key_length};
    text_address(peer, admitted.address);
    pthread_mutex_unlock(&lock);
    return 0;
}

void gate_release(void) {
    pthread_mutex_lock(&lock);
    taken = false;
    pthread_mutex_unlock(&lock);
}

void gate_admitted(SRTSOCKET socket, struct admission *admission) {
    pthread_mutex_lock(&lock);
    *admission = admitted.socket == socket ? admitted : (struct admission){.address = "?"};
    admission->socket = socket;
    admitted.socket = SRT_INVALID_SOCK;
    taken = true;
    pthread_mutex_unlock(&lock);
}

static void report(const struct refusal *refusal, const char *detail) {
    frame_event(FRAME_MAY_DROP, "{\"event\":\"refused\",\"reason\":\"%s\",\"address\":\"%s\",\"detail\":\"%s\"}",
                reasons[refusal->reason].name, refusal->address, detail);
}

/*
 * libsrt refuses some callers after the callback (file mode, a packet filter, another congestion control) and
 * then forgets them, so why is not known. One that is only broken will be accepted, for its media's sake.
 */
static void notice_undone(void) {
    struct refusal refusal = {.reason = FORMAT};
    pthread_mutex_lock(&lock);
    SRTSOCKET socket = admitted.socket;
    memcpy(refusal.address, admitted.address, sizeof refusal.address);
    pthread_mutex_unlock(&lock);
    if (socket == SRT_INVALID_SOCK || srt_getsockstate(socket) < SRTS_CLOSED) return;
    pthread_mutex_lock(&lock);
    admitted.socket = SRT_INVALID_SOCK;
    taken = false;
    pthread_mutex_unlock(&lock);
    report(&refusal, "it left at once, or is not a live sender: SRT's live mode without a packet filter is taken");
}

/* Once a second at most. */
static void report_ignored(void) {
    static int64_t next_ms;
    static uint64_t reported;
    uint64_t ignored = received_ignored();
    if (ignored == reported || text_now_ms() < next_ms) return;
    frame_event(FRAME_MAY_DROP, "{\"event\":\"handshakes-ignored\",\"count\":%llu}",
                (unsigned long long)(ignored - reported));
    reported = ignored;
    next_ms = text_now_ms() + 1000;
}

void gate_report(void) {
    struct refusal now[REFUSALS];
    unsigned rest[REASONS];
    uint64_t count;
    (void)!read(wake, &count, sizeof count);
    pthread_mutex_lock(&lock);
    int number = refused;
    memcpy(now, refusals, (size_t)number * sizeof now[0]);
    memcpy(rest, more, sizeof rest);
    refused = 0;
    memset(more, 0, sizeof more);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < number; i++) report(&now[i], now[i].detail);
    for (int i = 0; i < REASONS; i++)
        if (rest[i] > 0)
            frame_event(FRAME_MAY_DROP, "{\"event\":\"refused-more\",\"reason\":\"%s\",\"count\":%u}", reasons[i].name,
                        rest[i]);
    report_ignored();
    notice_undone();
}
