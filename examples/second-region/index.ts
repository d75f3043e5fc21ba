import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { liveRegion, type RegionSettings } from './region';

const config = new pulumi.Config();
const contributor = config.require('contributor');

/** By names that stay, as `first` and `second`: everything of a region follows its name. */
const regions = config.requireObject<Record<string, RegionSettings>>('regions');

const made = Object.entries(regions).map(([name, settings]) => {
  // Explicit, so that nothing lands in the stack's own region because an option was forgotten.
  const provider = new Provider(name, { region: settings.region });
  const others = Object.values(regions).filter((other) => other !== settings);
  const separateFrom = others.map(({ cidrBlock }) => cidrBlock);
  return [name, liveRegion(name, settings, { contributor, separateFrom }, { provider })] as const;
});

/** Where the channel is watched, by region. Which one a viewer gets is the page's to decide. */
export const watch = Object.fromEntries(made.map(([name, { watch: url }]) => [name, url]));
/** Where the contributor sends to: both at once. */
export const contribute = Object.fromEntries(made.map(([name, { contribute: address }]) => [name, address]));
/** Secrets with the passphrases, by region. */
export const passphrases = Object.fromEntries(made.map(([name, { passphrase }]) => [name, passphrase]));
