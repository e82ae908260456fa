import { spawn } from "node:child_process"
import { closeSync, openSync, readFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { medusaProgram } from "../../demo/process"
import { LOGIN } from "../../demo/login"
import { repositoryRoot } from "../../scripts/postgres-binaries"

const BOOT_MS = 120_000
const REQUEST_MS = 30_000

/** The store did not answer: what was asked of it may have happened or not. */
export class Unanswered extends Error {}

/** The store answered that it does not do this. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

interface Life {
  url: string
  isRunning(): boolean
  end(signal: NodeJS.Signals): Promise<void>
}

/** A store in a process of its own, which may be killed at any time and started again. */
export class StoreProcess {
  private life: Promise<Life> | undefined
  private token: string | undefined

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly port: number,
    private readonly log: string,
  ) {}

  /** Starts it, and resolves when it answers. */
  async start(): Promise<void> {
    this.life = this.boot()
    await this.life
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    const life = await this.life
    await life?.end("SIGKILL")
  }

  /**
   * Asks the store's admin, once it is there.
   * @throws Unanswered | Refused
   */
  async ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { url } = await this.alive()
    this.token ??= await signIn(url)
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${this.token}` },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS),
    }).then(
      async (response) => ({ status: response.status, text: await response.text() }),
      (error: unknown) => {
        throw new Unanswered(`${method} ${path}: ${String(error)}`)
      },
    )
    if (answer.status >= 400) {
      throw new Refused(answer.status, `${method} ${path}: ${answer.status} ${answer.text}`)
    }
    return JSON.parse(answer.text) as Record<string, unknown>
  }

  logTail(): string {
    return readFileSync(this.log, "utf8").trim().split("\n").slice(-15).join("\n")
  }

  private async alive(): Promise<Life> {
    for (;;) {
      const life = await this.life
      if (!life) {
        throw new Error("The store was not started.")
      }
      if (life.isRunning()) {
        return life
      }
      await sleep(50)
    }
  }

  private async boot(): Promise<Life> {
    const output = openSync(this.log, "a")
    // The kernel ends it when this process dies, however that dies.
    const program = [medusaProgram(), "start", "--port", String(this.port)]
    const child = spawn("setpriv", ["--pdeathsig=KILL", "--", process.execPath, ...program], {
      cwd: repositoryRoot,
      env: this.env,
      stdio: ["ignore", output, output],
    })
    closeSync(output)
    const ended = new Promise<void>((resolve) => {
      child.once("error", () => resolve())
      child.once("exit", () => resolve())
    })
    const life: Life = {
      url: `http://localhost:${this.port}`,
      isRunning: () => child.exitCode === null && child.signalCode === null,
      async end(signal) {
        child.kill(signal)
        await ended
      },
    }
    const deadline = Date.now() + BOOT_MS
    while (!(await answers(life.url))) {
      if (!life.isRunning() || Date.now() > deadline) {
        throw new Error(`The store did not start:\n${this.logTail()}`)
      }
      await sleep(50)
    }
    return life
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  )

const signIn = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/auth/user/emailpass`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(LOGIN),
  })
  const { token } = (await answer.json()) as { token: string }
  return token
}
