import { configureGlobal } from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a change is judged by what it changes. PROPERTY_SEED=random draws
 * others, which is how new counterexamples are looked for; PROPERTY_SEED=N repeats a run that found one.
 */
const asked = process.env['PROPERTY_SEED'] ?? '1';
if (asked !== 'random') configureGlobal({ seed: Number(asked) });
