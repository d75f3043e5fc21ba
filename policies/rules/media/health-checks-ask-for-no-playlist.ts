import { blocks, compliant, notApplicable, resourceRule, text, violating } from '../../core';
import { TARGET_GROUP } from './containers';

export const healthChecksAskForNoPlaylist = resourceRule({
  id: 'health-checks-ask-for-no-playlist',
  family: 'media',
  title: 'A health check asks whether an origin answers, and not for a channel',
  severity: 'medium',
  controls: [],
  why: 'Where a health check asks for a playlist, a channel that pauses takes the origin out of service for all the others.',
  fix: "Write `healthCheck: { path: '/healthz', matcher: '200' }`, and watch channels by alarms.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TARGET_GROUP],
  check: (group) => {
    const path = blocks(group, 'healthCheck').flatMap((check) => text(check, 'path') ?? [])[0];
    if (!path) return notApplicable('it is not checked by HTTP');
    return /\.(?:m3u8|mpd|m4s|ts|mp4)(?:\?|$)/.test(path)
      ? violating('its health check asks for a playlist or segment')
      : compliant;
  },
});
