#include "frame.h"
#include "modes.h"
#include "session.h"
#include "socket.h"
#include "text.h"
#include <sys/random.h>

#define FIRST_RETRY_MS 250
#define LAST_RETRY_MS 10000
#define IDLE_MS 250
#define SOON_MS 5

static const struct config *config;
static SRTSOCKET calling = SRT_INVALID_SOCK;
static struct admission admission;
static int64_t next_ms;
static int retry_ms = FIRST_RETRY_MS;

int call_start(const struct config *with, int epoll) {
    (void)epoll;
    config = with;
    frame_event(FRAME_MUST_ARRIVE, "{\"event\":\"calling\",\"port\":%d}", config->port);
    return 0;
}

/* Half of the back-off and a random share of the other half: many callers of one peer must not come at once. */
static void later(int64_t now_ms, const char *reason, int code) {
    uint16_t chance = 0;
    char safe[256];
    (void)!getrandom(&chance, sizeof chance, GRND_NONBLOCK);
    int wait_ms = retry_ms / 2 + (int)((int64_t)retry_ms / 2 * chance / UINT16_MAX);
    next_ms = now_ms + wait_ms;
    retry_ms = retry_ms * 2 < LAST_RETRY_MS ? retry_ms * 2 : LAST_RETRY_MS;
    text_json(reason, safe, sizeof safe);
    frame_event(FRAME_MAY_DROP, "{\"event\":\"connect-failed\",\"reason\":\"%s\",\"code\":%d,\"retryMs\":%d}", safe,
                code, wait_ms);
}

static void connect_now(int epoll, int64_t now_ms) {
    const char *text = NULL;
    int events = SRT_EPOLL_OUT | SRT_EPOLL_ERR;
    struct addrinfo *peer = socket_resolve(config, &text);
    if (peer == NULL) {
        later(now_ms, text, 0);
        return;
    }
    calling = socket_call(config);
    text_address(peer->ai_addr, admission.address);
    if (calling == SRT_INVALID_SOCK || srt_epoll_add_usock(epoll, calling, &events) != 0 ||
        srt_connect(calling, peer->ai_addr, (int)peer->ai_addrlen) == SRT_ERROR) {
        later(now_ms, srt_getlasterror_str(), 0);
        if (calling != SRT_INVALID_SOCK) srt_close(calling);
        calling = SRT_INVALID_SOCK;
    }
    freeaddrinfo(peer);
}

static void look(int epoll, int64_t now_ms) {
    SRT_SOCKSTATUS status = srt_getsockstate(calling);
    if (status == SRTS_CONNECTED) {
        int events = SRT_EPOLL_IN | SRT_EPOLL_ERR;
        srt_epoll_update_usock(epoll, calling, &events);
        admission.socket = calling;
        admission.passphrase = config->passphrases > 0;
        int length = 0, size = sizeof length;
        if (admission.passphrase && srt_getsockflag(calling, SRTO_PBKEYLEN, &length, &size) == 0)
            admission.key_length = length;
        calling = SRT_INVALID_SOCK;
        retry_ms = FIRST_RETRY_MS;
        session_begin(&admission, now_ms);
    } else if (status >= SRTS_BROKEN) {
        int code = srt_getrejectreason(calling);
        later(now_ms, srt_rejectreason_str(code), code);
        srt_epoll_clear_usocks(epoll);
        srt_close(calling);
        calling = SRT_INVALID_SOCK;
    }
}

int call_turn(int epoll, int64_t now_ms) {
    enum session_state before = session_state(), after = session_turn(now_ms);
    if (before == SESSION_LIVE && after == SESSION_DRAINING) srt_epoll_clear_usocks(epoll);
    if (before == SESSION_DRAINING && after == SESSION_NONE) next_ms = now_ms;
    if (after == SESSION_NONE) {
        if (calling != SRT_INVALID_SOCK)
            look(epoll, now_ms);
        else if (now_ms >= next_ms)
            connect_now(epoll, now_ms);
    }
    if (session_state() == SESSION_DRAINING) return SOON_MS;
    return calling == SRT_INVALID_SOCK && session_state() == SESSION_NONE && next_ms - now_ms < IDLE_MS ? SOON_MS
                                                                                                       : IDLE_MS;
}
