import { among, blocks, found, resourceRule, text } from '../../core';

export const mediaInputsKnowTheirSenders = resourceRule({
  id: 'media-inputs-know-their-senders',
  family: 'media',
  title: 'Inputs of MediaLive take pictures from known networks alone',
  severity: 'high',
  controls: [],
  why: 'An RTP or RTMP input has no password: whoever reaches it is on the air.',
  fix: "Write the contributors' networks: `whitelistRules: [{ cidr: '203.0.113.0/24' }]`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:medialive/inputSecurityGroup:InputSecurityGroup'],
  check: (group) =>
    found(
      among(blocks(group, 'whitelistRules'), (rule) => {
        const cidr = text(rule, 'cidr') ?? '';
        return /\/0$/.test(cidr) ? [`everybody may send to it (${cidr})`] : [];
      }),
    ),
});
