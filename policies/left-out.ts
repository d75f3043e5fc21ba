/** What packs of others ask for, and this one does not: each with its reason. */
export const LEFT_OUT: readonly { readonly what: string; readonly why: string }[] = [];
