/** A plan for people. */
export { writeMarkdown } from './markdown';
export { sectionsOf, summaryLine, type SectionOptions } from './sections';
export { writeText } from './text';
