import { checkCases } from "./cases/checks"
import { creationCases } from "./cases/creations"
import { deltaCases } from "./cases/deltas"
import { discretionCases } from "./cases/discretion"
import { failureCases } from "./cases/failures"
import { fullPullCases } from "./cases/full-pulls"
import { imageCases } from "./cases/images"
import { lostReplyCases } from "./cases/lost-replies"
import { newVariantCases } from "./cases/new-variants"
import { priceListCases } from "./cases/price-lists"
import { readCases } from "./cases/reads"
import { refusalCases } from "./cases/refusals"
import { writeCases } from "./cases/writes"
import type { ConformanceCase, ConformanceSubject } from "./subject"

export { startFaultProxy } from "./fault-proxy"
export type { FaultProxy, ProxiedRequest } from "./fault-proxy"
export type * from "./subject"

/**
 * What every connector must do, as named cases for any test runner. They change the ERP that they
 * are given, so give them a double or a test database of their own; they run one after another.
 *
 * @example
 * beforeAll(() => subject.start?.())
 * afterAll(() => subject.stop?.())
 * for (const { name, skip, run } of conformanceCases(subject)) (skip ? it.skip : it)(name, run)
 */
export const conformanceCases = (subject: ConformanceSubject): ConformanceCase[] => [
  ...checkCases(subject),
  ...fullPullCases(subject),
  ...readCases(subject),
  ...imageCases(subject),
  ...deltaCases(subject),
  ...priceListCases(subject),
  ...failureCases(subject),
  ...discretionCases(subject),
  ...writingCases(subject),
]

/** The part of them that writes into the ERP. */
export const writingCases = (subject: ConformanceSubject): ConformanceCase[] => [
  ...writeCases(subject),
  ...refusalCases(subject),
  ...lostReplyCases(subject),
  ...creationCases(subject),
  ...newVariantCases(subject),
]
