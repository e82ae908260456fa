type Work = () => Promise<void>

const works = new Set<Work>()

/** Adds work for the moment when the store has loaded, whatever its mode; for what this module may not know. */
export const onStart = (work: Work): void => {
  works.add(work)
}

/** @throws what the work throws */
export const runStartWork = async (): Promise<void> => {
  await Promise.all([...works].map((work) => work()))
}
