import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { given } from "../http/catalog-fixtures"
import { CONNECTION, run, runWell } from "../http/sync-stage"
import { compare, credentialsOf, Story } from "./sync-story"

const WRONG = "wrong-secret-2718281828"

export const accessTests = (tell: () => Promise<Story>): void => {
  it("pauses on a wrong secret, says what to do, and shows neither this one nor the right one", async () => {
    const story = await tell()
    const told = listen(story)
    const { secret } = story.plot
    await logInWith(story, { ...credentialsOf(story.odoo, secret), [secret]: WRONG })
    const ended = await run(story, "delta")
    told.end()
    const connection = given(await story.sync.connection(CONNECTION))
    expect(ended).toMatchObject({ state: "failed", error: { code: "unauthorised" } })
    expect(connection.state).toBe("paused")
    expect(connection.reason).toMatchObject({
      code: "unauthorised",
      message: expect.stringContaining("Odoo refused the credentials"),
      remedy: expect.stringMatching(/login.*API key.*Account Security/),
    })
    expect(told.lines.join("\n")).toContain("refused")
    const shown = JSON.stringify([
      told.lines,
      connection,
      ended,
      await story.sync.health(),
      await story.sync.runs({ limit: 100, offset: 0 }),
    ])
    for (const word of [WRONG, story.odoo.apiKey, story.odoo.password]) {
      expect(shown).not.toContain(word)
    }
    await expect(story.sync.sync(CONNECTION, { kind: "delta" })).rejects.toThrow(/paused.*API key/)
  })

  it("goes on by itself once the secret is right, and has missed nothing", async () => {
    const story = await tell()
    const [id] = await story.merchant.search("product.template", [["sale_ok", "=", true]])
    await story.merchant.write("product.template", given(id), { name: "Renamed meanwhile" })
    await logInWith(story, credentialsOf(story.odoo, story.plot.secret))
    expect((await story.sync.check(CONNECTION)).state).not.toBe("paused")
    await runWell(story, "delta")
    await compare(story)
  })
}

/** As a restart with other environment variables does. */
const logInWith = async (
  { runtime, options }: Story,
  credentials: Record<string, unknown>,
): Promise<void> => {
  await runtime.connections.close()
  options.credentials = credentials
}

/** Everything that the store's log is told, whatever its level. */
const listen = ({ container }: Story): { lines: string[]; end(): void } => {
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  const lines: string[] = []
  const spies = (["debug", "info", "warn", "error"] as const).map((level) =>
    jest.spyOn(logger, level).mockImplementation((...told: unknown[]) => {
      lines.push(told.map(String).join(" "))
    }),
  )
  return { lines, end: () => spies.forEach((spy) => spy.mockRestore()) }
}
