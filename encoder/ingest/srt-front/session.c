#include "session.h"
#include "frame.h"
#include "received.h"
#include <stdio.h>
#include <string.h>

#define PACKET_MAX 1456
#define BATCHES_A_TURN 16
#define STATISTICS_MS 1000
#define DRAIN_MARGIN_MS 50
#define RTT_UNMEASURED_MS 100.0 /* libsrt's value before the first acknowledgement */

static struct {
    enum session_state state;
    SRTSOCKET socket;
    int64_t began_ms, statistics_ms, drained_ms;
    int latency_ms;
    uint64_t bytes, retransmitted;
    const char *why;
} session;

static uint8_t batch[FRAME_MAX];

enum session_state session_state(void) { return session.state; }

void session_begin(const struct admission *admission, int64_t now_ms) {
    memset(&session, 0, sizeof session);
    session.state = SESSION_LIVE;
    session.socket = admission->socket;
    session.began_ms = now_ms;
    session.statistics_ms = now_ms + STATISTICS_MS;
    int size = sizeof session.latency_ms;
    srt_getsockflag(session.socket, SRTO_RCVLATENCY, &session.latency_ms, &size);
    frame_event(FRAME_MUST_ARRIVE,
                "{\"event\":\"accepted\",\"address\":\"%s\",\"latencyMs\":%d,\"keyLength\":%d,\"passphrase\":%d}",
                admission->address, session.latency_ms, admission->key_length, admission->passphrase);
}

static void statistics(void) {
    SRT_TRACEBSTATS now;
    if (srt_bistats(session.socket, &now, 1, 1) != 0) return;
    session.retransmitted += (uint64_t)now.pktRcvRetrans; /* the one that libsrt has no total of */
    char rtt[32] = "null";
    if (now.msRTT != RTT_UNMEASURED_MS) snprintf(rtt, sizeof rtt, "%.3f", now.msRTT);
    frame_event(FRAME_MAY_DROP,
                "{\"event\":\"statistics\",\"rttMs\":%s,\"received\":%lld,\"lost\":%d,\"retransmitted\":%llu,"
                "\"dropped\":%d,\"undecrypted\":%d,\"bufferMs\":%d,\"bandwidthMbps\":%.3f,\"latencyMs\":%d}",
                rtt, (long long)now.pktRecvTotal, now.pktRcvLossTotal, (unsigned long long)session.retransmitted,
                now.pktRcvDropTotal, now.pktRcvUndecryptTotal, now.msRcvBuf, now.mbpsBandwidth, session.latency_ms);
}

static void end(int64_t now_ms) {
    srt_close(session.socket);
    session.state = SESSION_NONE;
    frame_event(FRAME_MUST_ARRIVE, "{\"event\":\"ended\",\"why\":\"%s\",\"bytes\":%llu,\"ms\":%lld}", session.why,
                (unsigned long long)session.bytes, (long long)(now_ms - session.began_ms));
}

/* Media goes on as soon as there is no more of it, or a frame is full. False where the connection is gone. */
static bool pass_on(void) {
    for (int batches = 0; batches < BATCHES_A_TURN; batches++) {
        size_t used = 0;
        int got = 0;
        while (used + PACKET_MAX <= sizeof batch) {
            got = srt_recvmsg(session.socket, (char *)batch + used, PACKET_MAX);
            if (got <= 0) break;
            used += (size_t)got;
        }
        if (used > 0) frame_media(batch, used);
        session.bytes += used;
        if (got <= 0) return got == SRT_ERROR && srt_getlasterror(NULL) == SRT_EASYNCRCV;
    }
    return true;
}

enum session_state session_turn(int64_t now_ms) {
    if (session.state == SESSION_NONE) return SESSION_NONE;
    bool connected = pass_on();
    if (session.state == SESSION_LIVE) {
        if (now_ms >= session.statistics_ms) {
            statistics();
            session.statistics_ms += STATISTICS_MS;
        }
        if (!connected) {
            session.state = SESSION_DRAINING;
            session.drained_ms = now_ms + session.latency_ms + DRAIN_MARGIN_MS;
            session.why = received_goodbye(session.socket) ? "the sender closed the connection"
                                                           : "the sender fell silent";
        }
    } else if (now_ms >= session.drained_ms) {
        end(now_ms);
    }
    return session.state;
}

void session_close(int64_t now_ms) {
    if (session.state == SESSION_NONE) return;
    if (session.state == SESSION_LIVE) session.why = "the front was closed";
    end(now_ms);
}
