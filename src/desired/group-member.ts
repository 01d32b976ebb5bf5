/** What a group inside a group is called where members are named by their userName. */
export function groupMember(displayName: string): string {
  return `group:${displayName}`;
}
