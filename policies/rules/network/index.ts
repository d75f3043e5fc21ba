import { noSshOrRdpFromAnywhere } from './no-ssh-or-rdp-from-anywhere';

export const NETWORK = [noSshOrRdpFromAnywhere] as const;
