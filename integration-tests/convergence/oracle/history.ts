import { FieldValue } from "../../../src/sync/values"

export interface Entry {
  value: FieldValue
  at: number
  by: string
}

/** Every value that a field of one side ever held, with when and by whom. */
export class History {
  private readonly fields = new Map<string, Entry[]>()

  /** Remembers the value where it differs from the last one. Returns whether it did. */
  record(key: string, value: FieldValue, at: number, by: string): boolean {
    const entries = this.fields.get(key) ?? []
    this.fields.set(key, entries)
    if (entries.length > 0 && entries.at(-1)?.value === value) {
      return false
    }
    entries.push({ value, at, by })
    return true
  }

  of(key: string): readonly Entry[] {
    return this.fields.get(key) ?? []
  }

  last(key: string): Entry | undefined {
    return this.of(key).at(-1)
  }

  everHeld(key: string, test: (value: FieldValue) => boolean): boolean {
    return this.of(key).some((entry) => test(entry.value))
  }
}
