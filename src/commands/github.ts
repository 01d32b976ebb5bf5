import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { toDesiredState } from "../desired/desired-state.ts";
import { loadDirectory } from "../directory/load.ts";
import { connectGitHub } from "../github/client.ts";
import { upsertComment } from "../github/comment.ts";
import { trackIssue } from "../github/issue.ts";
import { readDriftReport } from "../inspect/read-drift-report.ts";
import { commentMarker, renderComment } from "../review/comment.ts";
import { compareSpecs } from "../review/compare-specs.ts";
import { driftIssue } from "../review/drift-issue.ts";
import { readPreview } from "../review/preview.ts";
import { render } from "../yaml/render.ts";
import { checkedSpecOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";
import { hasColour } from "./terminal.ts";

interface CommentOptions {
  spec: string;
  base?: string;
  preview?: string;
  directory?: string;
  pullRequest?: string;
  print: boolean;
}

export function register(program: Command): void {
  const github = program
    .command("github")
    .description("comments and issues of a repository, as the workflows in ci/github keep them");
  github
    .command("comment")
    .description(
      "keep one comment of a pull request: what it deletes, who gains and loses access, what changes",
    )
    .requiredOption("--spec <file>", "the pull request's")
    .option("--base <file>", "main's; left out, or not there, in a new environment")
    .option("--preview <file>", "from `pulumi preview --json`")
    .option("--directory <file>", "what it means for single people")
    .option("--pull-request <number>", "where to write it; needed unless --print is given")
    .option("--print", "print the Markdown and contact nobody", false)
    .action(async (options: CommentOptions) => {
      process.exitCode = await comment(options);
    });
  github
    .command("issue")
    .description("keep one issue per environment for drift: opened, kept up to date, closed when clean")
    .requiredOption("--report <file>", "from `rollcall drift --format json`")
    .option("--print", "print the Markdown and contact nobody", false)
    .action(async (options: { report: string; print: boolean }) => {
      process.exitCode = await issue(options);
    });
}

async function comment(options: CommentOptions): Promise<number> {
  const { base, directory, pullRequest, print } = options;
  const after = checkedSpecOf(options.spec);
  const hasBase = base !== undefined && existsSync(base);
  const before = hasBase ? checkedSpecOf(base) : undefined;
  const people = directory === undefined ? undefined : loadDirectory(directory);
  if (people) process.stderr.write(render(people.diagnostics, "text", hasColour(process.stderr)));
  if (!after || (people && !people.directories)) return EXIT.spec;
  const preview =
    options.preview === undefined ? undefined : readPreview(readFileSync(options.preview, "utf8"));
  const body = renderComment({
    ...(before ? { before: toDesiredState(before) } : {}),
    beforeIsWrong: hasBase && !before,
    after: toDesiredState(after),
    diff: compareSpecs(before, after, people?.directories),
    ...(preview ? { preview } : {}),
  });
  if (print) {
    process.stdout.write(body ?? "");
    return EXIT.ok;
  }
  const number = Number(pullRequest);
  if (!Number.isInteger(number) || number < 1)
    throw new Error("--pull-request takes the number of the pull request; --print needs none.");
  const outcome = await upsertComment(
    connectGitHub(process.env),
    number,
    commentMarker(after.spec.environment),
    body,
  );
  process.stdout.write(`The comment for ${after.spec.environment}: ${outcome}.\n`);
  return EXIT.ok;
}

async function issue({ report: file, print }: { report: string; print: boolean }): Promise<number> {
  const report = readDriftReport(file);
  if (report.partial)
    throw new Error(
      `${file} is of one application, and the issue is of all of ${report.file}: what differs in the others would be taken for gone. Write it with \`rollcall drift\` without --application.`,
    );
  const tracking = driftIssue(report);
  if (print) {
    process.stdout.write(tracking.body ?? "");
    return EXIT.ok;
  }
  const outcome = await trackIssue(connectGitHub(process.env), tracking);
  process.stdout.write(
    outcome.done === "absent" ? "Nothing to track.\n" : `Issue #${outcome.number}: ${outcome.done}.\n`,
  );
  return EXIT.ok;
}
