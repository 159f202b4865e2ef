/** A conversation as people have it, for pictures: rooms, people of all roles, short and long messages, deleted ones, notices. */
import type { startLocalCluster } from "../../load-tests/support/local-cluster.ts";
import { enter } from "../support/client.ts";
import { createPeople, type Person, say } from "../support/people.ts";

export type Talk = Awaited<ReturnType<typeof fillWithTalk>>;

const NAMES = ["하늘", "바다곰", "민지", "June", "Tom", "서울사람"] as const;
const ROOMS = [
  { name: "music", title: "새벽 라디오" },
  { name: "go", title: "Go 스터디" },
  { name: "food", title: "오늘 뭐 먹지" },
];
const LINES: readonly [by: number, text: string][] = [
  [0, "다들 안녕하세요 👋"],
  [3, "hi all, first time here"],
  [1, "어서 오세요!"],
  [1, "오늘 방송 몇 시예요?"],
  [2, "여덟 시라고 들었어요"],
  [4, "anyone else watching from abroad?"],
  [3, "yes, from Lisbon"],
  [5, "서울은 지금 비 와요"],
  [0, "☔"],
  [2, "광고 광고 광고"],
  [2, "또 광고입니다"],
  [1, "그 노래 제목이 뭐였죠?"],
  [0, "https://suda.example/music"],
  [4, "ㅋㅋㅋㅋㅋ"],
  [5, "오늘도 즐거운 수다 되세요"],
  [3, "😂🔥"],
  [1, "이따 봐요"],
];
const DELETED = [9, 10];

/** @param cluster without limits. */
export async function fillWithTalk(cluster: Awaited<ReturnType<typeof startLocalCluster>>) {
  const { ask, signUp, logIn, logInAs } = createPeople(() => cluster.url);
  const signed: Person[] = [];
  for (const name of NAMES) signed.push(await signUp(name));
  await cluster.command("admin", "grant", signed[0]?.user.email ?? "", "moderator");
  await cluster.command("admin", "grant", signed[5]?.user.email ?? "", "admin");
  const people = await Promise.all(signed.map(logIn));
  for (const room of ROOMS) await ask("POST /api/rooms", people[5] ?? null, room);
  const members = await Promise.all(
    people.map(({ accessToken }) => enter(cluster.url, { token: accessToken })),
  );
  const seqs: (number | string)[] = [];
  for (const [by, text] of LINES) {
    const member = members[by];
    if (member) seqs.push(await say(member, text));
  }
  for (const index of DELETED)
    members[0]?.say({ type: "delete", room: "lobby", seq: Number(seqs[index]), clientId: `gone-${index}` });
  await ask("PATCH /api/me", people[4] ?? null, { nickname: "Tom in Busan" });
  return {
    people,
    names: NAMES,
    logInAs,
    /** Makes an account an admin's. */
    grant: (email: string) => cluster.command("admin", "grant", email, "admin"),
    ban: (id: string) =>
      ask(`PUT /api/users/${id}/ban`, people[5] ?? null, { untilMs: Date.now() + 600_000, reason: "도배" }),
  };
}
