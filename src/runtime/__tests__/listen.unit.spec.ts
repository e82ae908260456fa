import { Listener, ListenerParts, ListeningSession } from "../listen"

type Heard = (message: { payload?: string }) => void

/** A session that the test speaks through and ends. */
class Session implements ListeningSession {
  heard: Heard = () => undefined
  private lost: (() => void)[] = []
  unreferenced = false
  ended = false

  constructor(private readonly answer: (statement: string) => Promise<unknown>) {}

  query(statement: string): Promise<unknown> {
    return this.answer(statement)
  }

  on(event: "notification" | "error" | "end", act: Heard | (() => void)): void {
    if (event === "notification") {
      this.heard = act
    } else {
      this.lost.push(act as () => void)
    }
  }

  unref(): void {
    this.unreferenced = true
  }

  async end(): Promise<void> {
    this.ended = true
  }

  breakDown(): void {
    this.lost.forEach((act) => act())
  }
}

interface Scene {
  listener: Listener
  sessions: Session[]
  heard: (string | null)[]
  said: string[]
}

const scene = ({
  delivers = true,
  answer = async () => undefined,
  connect,
}: {
  delivers?: boolean
  answer?: (statement: string) => Promise<unknown>
  connect?: () => Promise<ListeningSession>
} = {}): Scene => {
  const sessions: Session[] = []
  const heard: (string | null)[] = []
  const said: string[] = []
  const parts: ListenerParts = {
    connect:
      connect ??
      (async () => {
        const session = new Session(answer)
        sessions.push(session)
        return session
      }),
    notify: async (payload) => {
      if (delivers) {
        sessions.forEach((session) => session.heard({ payload }))
      }
    },
    owner: "me",
    heard: (connection) => heard.push(connection),
    log: (level, message) => said.push(`${level}: ${message}`),
  }
  return { listener: new Listener(parts), sessions, heard, said }
}

describe("listening for hints", () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  it("passes on what others say, not what this process says", async () => {
    const { listener, sessions, heard, said } = scene()
    await listener.open()
    expect(sessions[0]?.unreferenced).toBe(true)
    // Once at the start, for what was said before.
    expect(heard).toEqual([null])
    sessions[0]?.heard({ payload: "odoo-main other" })
    sessions[0]?.heard({ payload: "* other" })
    sessions[0]?.heard({ payload: "odoo-main me" })
    expect(heard).toEqual([null, "odoo-main", null])
    expect(said).toEqual([])
    await listener.close()
    expect(sessions[0]?.ended).toBe(true)
  })

  it("opens a lost session again, and looks at what it may have missed", async () => {
    const { listener, sessions, heard } = scene()
    await listener.open()
    sessions[0]?.breakDown()
    await jest.advanceTimersByTimeAsync(999)
    expect(sessions).toHaveLength(1)
    await jest.advanceTimersByTimeAsync(1)
    expect(sessions).toHaveLength(2)
    expect(heard).toEqual([null, null])
    await listener.close()
  })

  it("waits longer after each failure, up to a minute, and warns once", async () => {
    const attempts: number[] = []
    const { listener, said } = scene({
      connect: async () => {
        attempts.push(Date.now())
        throw new Error("connection refused")
      },
    })
    await listener.open()
    await jest.advanceTimersByTimeAsync(300_000)
    const waits = attempts.slice(1).map((time, index) => (time - (attempts[index] ?? 0)) / 1000)
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect(said.filter((line) => line.startsWith("warn"))).toHaveLength(1)
    await listener.close()
    const before = attempts.length
    await jest.advanceTimersByTimeAsync(300_000)
    expect(attempts).toHaveLength(before)
  })

  it.each([
    ["with an error", 60_000, () => Promise.reject(new Error("gone"))],
    ["not at all", 120_000, () => new Promise(() => undefined)],
  ])("notices a session that answers %s", async (_how, after, silence) => {
    let alive = true
    const { listener, sessions } = scene({ answer: () => (alive ? Promise.resolve() : silence()) })
    await listener.open()
    alive = false
    await jest.advanceTimersByTimeAsync(after)
    alive = true
    await jest.advanceTimersByTimeAsync(1_000)
    expect(sessions).toHaveLength(2)
    await listener.close()
  })

  it.each([
    ["refuses", { answer: () => Promise.reject(refusal()) }],
    ["takes it and delivers nothing, as a pooler does", { delivers: false }],
  ])("gives up with one warning where the database %s", async (_what, parts) => {
    const { listener, sessions, heard, said } = scene(parts)
    const opening = listener.open()
    await jest.advanceTimersByTimeAsync(5_000)
    await opening
    await jest.advanceTimersByTimeAsync(600_000)
    expect(sessions).toHaveLength(1)
    expect(sessions[0]?.ended).toBe(true)
    expect(heard).toEqual([])
    expect(said).toEqual([expect.stringMatching(/^warn: .*pooler must hold sessions/)])
  })
})

const refusal = (): Error =>
  Object.assign(new Error("LISTEN is not supported here"), { code: "0A000" })
