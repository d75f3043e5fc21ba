/** User data of an instance: its size, and what cloud-init makes of it. */
import { at, type Problems } from '../problems';
import { checkCloudConfig } from './cloud-config';
import { partsOfMime } from './mime';
import { checkScript, type Script } from './script';

/** Bytes before base64: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input". */
export const MAX_BYTES = 16_384;

const CLOUD_INIT = 'cloud-init documentation, "User data formats"';
const FORMATS =
  '#!<interpreter>, #cloud-config, #cloud-boothook, #include, #part-handler, ## template: jinja, a MIME message, gzip, <powershell>';

/** Types of parts that are read by another than cloud-init: EKS User Guide, "Customize managed nodes". */
const OTHER_TYPES = ['application/node.eks.aws'];
const SCRIPT_TYPES = ['text/x-shellscript', 'text/x-shellscript-per-boot', 'text/x-shellscript-per-instance'];
const TYPES = [
  ...[...SCRIPT_TYPES, 'text/x-shellscript-per-once', 'text/cloud-config', 'text/cloud-boothook'],
  ...['text/x-include-url', 'text/x-include-once-url', 'text/part-handler', 'text/jinja2', 'text/plain'],
  ...['text/cloud-config-archive', ...OTHER_TYPES],
];

/**
 * The shell scripts that are in it, for a linter of scripts.
 * @param given as the input has it
 * @param form `base64` of an input that is encoded, `either` of one where the provider takes both
 */
export function checkUserData(
  given: string,
  form: 'base64' | 'plain',
  problems: Problems,
): readonly Script[] {
  const bytes = form === 'base64' ? decoded(given, problems) : Buffer.from(given);
  if (bytes === undefined) return [];
  if (bytes.length > MAX_BYTES) {
    problems.refuse('', {
      problem: `${bytes.length} bytes before base64`,
      allowed: `at most ${MAX_BYTES} (EC2 User Guide, "Run commands when you launch an EC2 instance with user data input")`,
      fix: 'shorten it, or fetch the rest from S3',
    });
  }
  if (bytes.length === 0) return [];
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    problems.skip('', 'it is compressed');
    return [];
  }
  return checkText(bytes.toString(), '', problems);
}

function decoded(given: string, problems: Problems): Buffer | undefined {
  const text = given.replaceAll(/\s/g, '');
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0) return Buffer.from(text, 'base64');
  problems.refuse('', {
    problem: 'no base64',
    allowed: 'base64 (EC2 API Reference, RequestLaunchTemplateData)',
    fix: "encode it: Buffer.from(text).toString('base64')",
  });
  return undefined;
}

/** One text, which may be of several parts. */
function checkText(text: string, path: string, problems: Problems): readonly Script[] {
  const [first = ''] = text.split('\n', 1);
  if (/^(?:content-type: *multipart\/|mime-version:)/i.test(first)) return checkMime(text, path, problems);
  if (text.startsWith('#!')) return checkScript(text, path, problems);
  if (/^#cloud-config\s*$/.test(first)) {
    checkCloudConfig(text, path, problems);
    return [];
  }
  // Read by Windows, by Bottlerocket, or by cloud-init in a form of its own.
  if (/^<(?:powershell|script)>/i.test(first) || /^\[[\w.-]+\]\s*$/.test(first)) return [];
  if (
    /^(?:#cloud-boothook|#include(?:-once)?|#part-handler|#cloud-config-archive|## template: *jinja)/.test(
      first,
    )
  ) {
    return [];
  }
  const isLate = /^\s+(?:#!|#cloud-config)/.test(text);
  problems.ineffective(path, {
    ...{
      value: first,
      problem: isLate ? 'white space before the first line' : 'cloud-init knows no such format',
    },
    allowed: `first, ${FORMATS} (${CLOUD_INIT})`,
    fix: isLate ? 'begin with #! at once' : 'begin with #!/bin/bash',
  });
  return [];
}

function checkMime(text: string, path: string, problems: Problems): readonly Script[] {
  const parts = partsOfMime(text, path, problems);
  return parts.flatMap(({ type, body }, n) => {
    const here = at(path === '' ? 'part' : path, n);
    if (!TYPES.includes(type)) {
      problems.ineffective(here, {
        ...{ value: type, problem: 'cloud-init leaves out a part of this type' },
        ...{ allowed: `${TYPES.join(', ')} (${CLOUD_INIT})`, fix: 'correct its Content-Type' },
      });
      return [];
    }
    if (type === 'text/cloud-config') checkCloudConfig(body, here, problems);
    if (SCRIPT_TYPES.includes(type)) {
      if (body.startsWith('#!')) return checkScript(body, here, problems);
      problems.ineffective(here, {
        ...{ value: body.split('\n', 1)[0], problem: 'a script without an interpreter' },
        ...{ allowed: `#! first (${CLOUD_INIT})`, fix: 'begin with #!/bin/bash' },
      });
    }
    return type === 'text/plain' ? checkText(body, here, problems) : [];
  });
}
