/** Faults in choosing, storing, comparing and guessing passwords. */
import type { Mutant } from "./mutant.ts";

const PASSWORD_TESTS = "gateway/accounts/passwords/hasher.test.ts";
const ACCOUNT_TESTS = "gateway/http/routes/accounts.int.test.ts";
const LIMIT_TESTS = "gateway/http/limits.int.test.ts";

const FLOOD = [
  LIMIT_TESTS,
  "a flood is turned away at once, and nobody with the right password pays for it",
] as const;

export const passwords: readonly Mutant[] = [
  {
    what: "passwords are kept as they are",
    place: "hasher-thread.ts",
    find: "{ id, hash: hashSync(password, ARGON2) }",
    replace: "{ id, hash: password }",
    seenBy: [[ACCOUNT_TESTS, "keeps neither password nor refresh token"]],
  },
  {
    what: "log-in says that nobody has this address",
    place: "createAccounts",
    find: 'if (!account || !right) throw new Refusal("bad_credentials");',
    replace:
      'if (!account) throw new Refusal("no_such_user");\n        if (!right) throw new Refusal("bad_credentials");',
    seenBy: [[ACCOUNT_TESTS, "answers alike for a wrong password and for somebody who does not exist"]],
  },
  {
    what: "nobody's password costs no work",
    place: "hasher-thread.ts",
    find: "verifySync(job.hash ?? nobody, password) && job.hash !== undefined",
    replace: "job.hash !== undefined && verifySync(job.hash ?? nobody, password)",
    seenBy: [[PASSWORD_TESTS, "nobody's password is never right, and takes as long as somebody's"]],
  },
  {
    what: "an address in capitals is another account",
    place: "parseEmail",
    find: "value: { email, key }",
    replace: "value: { email, key: email }",
    seenBy: [[ACCOUNT_TESTS, "refuses an address that is taken in another spelling"]],
  },
  {
    what: "a domain of another script is no address, or another one in each spelling",
    place: "parseEmail",
    find: "NUMERIC.test(host) ? domain : host",
    replace: "domain",
    seenBy: [
      [
        "gateway/accounts/email.test.ts",
        "one domain in any script, case and composition is one key, and the key is its own",
      ],
    ],
  },
  {
    what: "one address may sign up without end",
    place: "createAccounts",
    find: "await limits.signUp(device.ip);",
    replace: "{ spend: <T>(work: () => Promise<T>) => work() };",
    seenBy: [
      [LIMIT_TESTS, "sign-ups are bounded by address, those that were refused for a field are not counted"],
    ],
  },
  {
    what: "a busy cluster uses up the tries of those it turns away",
    place: "createHttpLimits",
    find: "if (isUncounted(error)) await forgive();",
    replace: "",
    seenBy: [[LIMIT_TESTS, "sign-ups that were turned away as busy use up nothing"]],
  },
  {
    what: "hashes are cheaper than OWASP recommends",
    place: "ARGON2",
    find: "memoryCost: 19_456",
    replace: "memoryCost: 12_288",
    seenBy: [
      [
        "shared/server/identity/password-parameters.test.ts",
        "passwords are hashed at least as OWASP recommends: 19 MiB, two passes",
      ],
    ],
  },
  {
    what: "weak hashes stay",
    place: "createAccounts",
    find: "passwords.isWeaker(passwordHash)",
    replace: "false",
    seenBy: [
      [
        "gateway/http/routes/me.int.test.ts",
        "a hash made with less than today's parameters is replaced at the next log-in",
      ],
    ],
  },
  {
    what: "the length of a password is counted in UTF-16",
    place: "checkPassword",
    find: "[...password].length",
    replace: "password.length",
    seenBy: [
      [PASSWORD_TESTS, "beyond those guessed first only the length of a password matters, in code points"],
    ],
  },
  {
    what: "passwords are compared as the keyboard composed them",
    place: "toNfc",
    find: 'raw.normalize("NFC")',
    replace: "raw",
    seenBy: [[ACCOUNT_TESTS, "a letter composed in another way is the same password"]],
  },
  {
    what: "the commonest passwords are allowed",
    place: "checkPassword",
    find: "known || isCommonPassword(password)",
    replace: "known",
    seenBy: [[PASSWORD_TESTS, "%j is guessed first, and refused"]],
  },
  {
    what: "one address may guess at one account without end",
    place: "createHttpLimits",
    find: '["login_account_ip",',
    replace: '["none" as HttpRateName,',
    seenBy: [[LIMIT_TESTS, "bites after at least five tries at one account, and says how long"]],
  },
  {
    what: "who guesses at an account locks its owner out",
    place: "createHttpLimits",
    find: '["login_account_ip",',
    replace: '["login_account_ip", account ||',
    seenBy: [[LIMIT_TESTS, "does not lock out the owner who comes from elsewhere"]],
  },
  {
    what: "whoever is logged in may guess the password without end",
    place: "createHttpLimits",
    find: '["password_user", userId],',
    replace: "",
    seenBy: [
      [LIMIT_TESTS, "the current password of somebody who is logged in cannot be guessed without end either"],
    ],
  },
  {
    what: "the thread that hashes has the event loop's priority",
    place: "hasher-thread.ts",
    find: "setPriority(constants.priority.PRIORITY_BELOW_NORMAL)",
    replace: "setPriority(constants.priority.PRIORITY_NORMAL)",
    seenBy: [[PASSWORD_TESTS, "hashing has a lower priority than the event loop"]],
  },
  {
    what: "passwords to be hashed pile up",
    place: "createPasswords",
    find: "const MAX_QUEUED = 16",
    replace: "const MAX_QUEUED = 16_000",
    seenBy: [FLOOD],
  },
  {
    what: "right passwords use up tries",
    place: "createAccounts",
    find: "if (!wrong) await attempt.forgive();",
    replace: "",
    seenBy: [FLOOD],
  },
  {
    what: "every gateway hashes when it likes",
    place: "createHostSlots",
    find: "resolve(undefined)",
    replace: "resolve(FREE)",
    seenBy: [
      [
        "gateway/accounts/passwords/host-slots.test.ts",
        "of many at once no more than %d work at a time, and all get their turn",
      ],
    ],
  },
];
