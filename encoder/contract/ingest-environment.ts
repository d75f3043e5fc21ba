/** Variables of the encoder that say where its pictures come from, and what viewers get while none come. */
import { PORTS } from './ports';

const PORT = { type: 'integer', min: 0, max: 65_535 } as const;

export const INGEST_ENVIRONMENT = {
  SOURCE: {
    type: 'source',
    default: 'test',
    doc: 'test, file:<path> (looped), srt, rtmp, or udp (MPEG-TS, plain or in RTP)',
  },
  SOURCE_LOOP: {
    type: 'choice',
    choices: ['true', 'false'],
    default: 'true',
    doc: 'whether a file source starts again at its end; otherwise its end ends the programme',
  },
  ON_INPUT_LOSS: {
    type: 'choice',
    choices: ['repeat', 'slate', 'gap'],
    default: 'slate',
    doc: 'while nothing arrives: the last picture, the last picture for 1 s and then the slate, or a gap',
  },
  SLATE: { type: 'path', default: '', doc: 'PNG or JPEG file shown as the slate; colour bars where empty' },
  AUDIO_LANGUAGES: {
    type: 'languages',
    default: '',
    doc: "sound renditions by language (BCP 47, commas between), taken from the source's tracks; the ladder's own where empty",
  },
  CAPTIONS: {
    type: 'captions',
    default: '',
    doc: 'closed captions to declare, with their languages, such as CC1=en,SERVICE1=en; others are declared when they are seen',
  },
  SRT_MODE: {
    type: 'choice',
    choices: ['listener', 'caller'],
    default: 'listener',
    doc: 'listener: contributors call SRT_PORT; caller: this calls SRT_ADDRESS',
  },
  SRT_ADDRESS: { type: 'path', default: '', doc: 'address that a caller calls' },
  SRT_PORT: { ...PORT, default: String(PORTS.srt), doc: 'UDP port of SRT; 0 is any free port (listener)' },
  SRT_STREAM_ID: {
    type: 'path',
    default: '',
    doc: 'stream id that a caller must give, or gives; any where empty',
  },
  SRT_LATENCY_MS: {
    type: 'integer',
    min: 20,
    max: 8000,
    default: '120',
    doc: 'receive latency in milliseconds: at least four round trips; the larger of both sides counts',
  },
  SRT_KEY_LENGTH: {
    type: 'choice',
    choices: ['any', '16', '24', '32'],
    default: 'any',
    doc: 'bytes of the AES key that a caller must use',
  },
  SRT_PASSPHRASES_FILE: {
    type: 'path',
    default: '',
    doc: 'file of mode 0600 with one passphrase a line: the one in use and, while it is rotated, the next; not encrypted where empty',
  },
  SRT_PASSPHRASE_SECRET: {
    type: 'path',
    default: '',
    doc: 'ARN of a secret of AWS Secrets Manager with what SRT_PASSPHRASES_FILE would hold, in place of it',
  },
  RTMP_PORT: { ...PORT, default: String(PORTS.rtmp), doc: 'TCP port of RTMP; 0 is any free port' },
  RTMP_APP: { type: 'path', default: 'live', doc: 'application that a publisher must name' },
  RTMP_KEYS_FILE: {
    type: 'path',
    default: '',
    doc: 'file of mode 0600 with one stream key a line, two at most; required where SOURCE is rtmp',
  },
  UDP_ADDRESS: { type: 'path', default: '', doc: 'multicast group to join; HOST where empty' },
  UDP_PORT: { ...PORT, default: String(PORTS.udp), doc: 'UDP port of MPEG-TS; 0 is any free port' },
} as const;
