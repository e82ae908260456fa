/** What was asked of the scene so far; each line tells when it was asked, and what was found. */
export class Checks {
  private readonly began = performance.now()
  private passed = 0
  private failed = 0

  constructor(private readonly say: (line: string) => void) {}

  /** `detail` is what was measured. */
  check(name: string, holds: boolean, detail: string): void {
    if (holds) {
      this.passed += 1
    } else {
      this.failed += 1
    }
    const seconds = Math.round((performance.now() - this.began) / 1000)
    this.say(`${String(seconds).padStart(4)} s  ${holds ? "good  " : "FAILED"} ${name} (${detail})`)
  }

  equal(name: string, found: unknown, expected: unknown): void {
    const [is, wanted] = [JSON.stringify(found), JSON.stringify(expected)]
    this.check(name, is === wanted, is === wanted ? is : `${is}, expected ${wanted}`)
  }

  /** The closing line. */
  end(): boolean {
    this.say(`${this.passed} passed, ${this.failed} failed`)
    return this.failed === 0
  }
}
