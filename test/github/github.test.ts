import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectGitHub } from "../../src/github/client.ts";
import { upsertComment } from "../../src/github/comment.ts";
import { trackIssue } from "../../src/github/issue.ts";
import { BOT, type FakeGitHub, type FakeUser, startFakeGitHub } from "./fake-github.ts";

let github: FakeGitHub;
beforeEach(async () => {
  github = await startFakeGitHub();
});
afterEach(() => github.close());

const MALLORY: FakeUser = { login: "mallory", type: "User" };
const MARK = "<!-- rollcall comment: prod -->";

describe("the comment of a pull request", () => {
  const upsert = (body: string | undefined, marker = MARK) =>
    upsertComment(connectGitHub(github.env), 7, marker, body);

  it("is made once, brought up to date in place, and taken away when there is nothing to say", async () => {
    const { comments } = github.openPullRequest(7);
    expect(await upsert(undefined)).toBe("absent");
    expect(await upsert(`${MARK}\none`)).toBe("created");
    expect(await upsert(`${MARK}\none\n`)).toBe("unchanged");
    expect(await upsert(`${MARK}\ntwo`)).toBe("updated");
    expect(comments.map(({ body }) => body)).toEqual([`${MARK}\ntwo`]);
    expect(github.writes).toEqual(["POST /issues/7/comments", "PATCH /issues/comments/1000"]);
    expect(await upsert(undefined)).toBe("deleted");
    expect(github.issues.get(7)?.comments).toEqual([]);
  });

  it("is found among many others, and leaves those of people and of other environments alone", async () => {
    const { comments } = github.openPullRequest(7);
    for (let id = 1; id <= 150; id++) comments.push({ id, body: `Look at ${MARK}`, user: MALLORY });
    comments.push({ id: 500, body: `${MARK}\nold`, user: BOT });
    const before = structuredClone(comments.slice(0, 150));
    expect(await upsert(`${MARK}\nnew`)).toBe("updated");
    expect(await upsert("<!-- rollcall comment: dev -->\nnew", "<!-- rollcall comment: dev -->")).toBe(
      "created",
    );
    expect(comments.slice(0, 150)).toEqual(before);
    expect(comments[150]?.body).toBe(`${MARK}\nnew`);
  });
});

describe("what somebody else wrote with the same marker", () => {
  it("is left alone, and a comment is made, changed and taken away beside it", async () => {
    const pull = github.openPullRequest(7);
    pull.comments.push({ id: 1, body: `${MARK}\nNothing changes.`, user: MALLORY });
    const upsert = (body: string | undefined) => upsertComment(connectGitHub(github.env), 7, MARK, body);
    expect(await upsert(undefined)).toBe("absent");
    expect(await upsert(`${MARK}\nmallory gains Admin`)).toBe("created");
    expect(await upsert(`${MARK}\nmallory gains Editor`)).toBe("updated");
    expect(pull.comments.map(({ body }) => body)).toEqual([
      `${MARK}\nNothing changes.`,
      `${MARK}\nmallory gains Editor`,
    ]);
    expect(await upsert(undefined)).toBe("deleted");
    expect(pull.comments.map(({ user }) => user)).toEqual([MALLORY]);
  });

  it("is no issue of ours either", async () => {
    const theirs = github.openPullRequest(7);
    delete theirs.pull_request;
    Object.assign(theirs, { body: `${MARK}\n`, labels: ["rollcall-drift"] });
    const tracking = { marker: MARK, title: "Drift", label: "rollcall-drift", closing: "Clean." };
    const track = (body: string | undefined) => trackIssue(connectGitHub(github.env), { ...tracking, body });
    expect(await track(undefined)).toEqual({ done: "absent" });
    expect(await track(`${MARK}\none`)).toEqual({ done: "created", number: 100 });
    expect(theirs).toMatchObject({ state: "open", body: `${MARK}\n`, comments: [] });
  });

  it("is not guessed where GitHub does not say whose token it is", async () => {
    github.openPullRequest(7).comments.push({ id: 1, body: MARK, user: MALLORY });
    github.viewer = undefined;
    await expect(upsertComment(connectGitHub(github.env), 7, MARK, `${MARK}\nx`)).rejects.toThrow(
      "GitHub does not say whose token GITHUB_TOKEN is",
    );
    expect(github.writes).toEqual([]);
  });
});

describe("the issue for drift", () => {
  const track = (body: string | undefined) =>
    trackIssue(connectGitHub(github.env), {
      marker: MARK,
      title: "Drift in prod",
      label: "rollcall-drift",
      body: body && `${MARK}\n${body}`,
      closing: "Clean again.",
    });

  it("is opened once, brought up to date, closed when clean, and opened anew after that", async () => {
    expect(await track(undefined)).toEqual({ done: "absent" });
    expect(await track("one")).toEqual({ done: "created", number: 100 });
    expect(await track("one")).toEqual({ done: "unchanged", number: 100 });
    expect(await track("two")).toEqual({ done: "updated", number: 100 });
    expect(await track(undefined)).toEqual({ done: "closed", number: 100 });
    expect(github.issues.get(100)).toMatchObject({ state: "closed", comments: [{ body: "Clean again." }] });
    expect(await track("three")).toEqual({ done: "created", number: 101 });
  });

  it("is never a pull request that begins alike", async () => {
    Object.assign(github.openPullRequest(7), { body: `${MARK}\n`, labels: ["rollcall-drift"] });
    expect(await track("one")).toEqual({ done: "created", number: 100 });
    expect(await track(undefined)).toEqual({ done: "closed", number: 100 });
    expect(github.issues.get(7)?.state).toBe("open");
  });
});

describe("signing in", () => {
  it("names what is missing", () => {
    expect(() => connectGitHub({})).toThrow("GITHUB_TOKEN and GITHUB_REPOSITORY are not set");
  });

  it("says what a refusal means, without the token", async () => {
    const refused = upsertComment(
      connectGitHub({ ...github.env, GITHUB_TOKEN: "wrong-token" }),
      7,
      MARK,
      "x",
    );
    const error = await refused.catch((reason: Error) => reason.message);
    expect(error).toMatch(/401.*pull-requests: write/);
    expect(error).not.toContain("wrong-token");
  });
});
