/** Ports that the runtime listens on by default: TCP unless they say otherwise. All on loopback unless HOST says otherwise. */
export const PORTS = {
  /** Origin, HTTP/1.1 without TLS: behind a load balancer, and for the local player. */
  originHttp: 8080,
  /** Origin, HTTP/2 over TLS. */
  originHttps: 8443,
  /** Prometheus metrics and health of the encoder. */
  encoderMetrics: 9464,
  /** Prometheus metrics and health of the origin. */
  originMetrics: 9465,
  /** SRT contribution, UDP. */
  srt: 9000,
  /** RTMP contribution. */
  rtmp: 1935,
  /** MPEG-TS contribution, UDP. */
  udp: 5004,
} as const;
