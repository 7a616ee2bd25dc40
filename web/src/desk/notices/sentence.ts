/** Says in one sentence what a notice tells, and where to look. Pure. */
import type { Notice, NoticeAbout } from "../../api/waiting";
import type { Words } from "../../i18n/notices/es";

export function sentence(notice: Notice, words: Words): string {
  const names = notice.about.map((one) => one.name || words.someone);
  const first = names[0] ?? words.someone;
  if (notice.code === "nobody_knows") return words.what.nobody_knows(first, names[1] ?? words.someone);
  const more = notice.count - 1;
  return words.what[notice.code](more > 0 ? words.andMore(first, more) : first, more > 0);
}

const PLACES = { agent: "/admin/agents", queue: "/admin/queues", skill: "/admin/agents" } as const;

/** Where to look, each place once: the first conversations, or the page where it is set up. */
export function places(notice: Notice, words: Words, most = 2): { href: string; label: string }[] {
  const found = notice.about.map((one: NoticeAbout) =>
    one.kind === "conversation"
      ? { href: `/c/${one.id}`, label: one.name ? words.open.conversation(one.name) : words.open.unnamed }
      : { href: PLACES[one.kind], label: words.open[one.kind] },
  );
  return found.filter((one, at) => found.findIndex(({ href }) => href === one.href) === at).slice(0, most);
}
