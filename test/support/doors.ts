/**
 * The allowed imports, types included, lowest room first. Each line names a room (a folder, or a file beside the
 * folders) and the lower rooms it may import; `*` is all of them. ARCHITECTURE.md has the same lines.
 */
export const DOORS: Record<string, string> = {
  gateway: `
    events                  ->
    errors.ts               ->
    internal-errors.ts      ->
    id.ts                   ->
    origin.ts               ->
    subscriber.ts           ->
    limits                  -> errors.ts
    presence                ->
    control                 -> events errors.ts id.ts internal-errors.ts subscriber.ts
    sessions                -> errors.ts id.ts control
    accounts                -> errors.ts limits control sessions
    room-log                -> events errors.ts subscriber.ts
    history                 -> events limits room-log
    mentions                -> id.ts
    messages                -> events errors.ts internal-errors.ts limits control accounts room-log history
    following               ->
    recovery                -> events errors.ts internal-errors.ts subscriber.ts room-log history
    moderation              -> errors.ts id.ts limits control sessions accounts
    rooms                   -> errors.ts internal-errors.ts limits control accounts room-log messages moderation
    push                    -> errors.ts limits
    commands                -> errors.ts internal-errors.ts messages moderation
    http                    -> errors.ts internal-errors.ts origin.ts limits sessions accounts messages moderation rooms push
    ws                      -> events errors.ts internal-errors.ts origin.ts limits presence control sessions accounts room-log history messages following
    readiness.ts            ->
    start-up.ts             -> readiness.ts
    metrics.ts              -> internal-errors.ts messages
    heartbeat.ts            -> internal-errors.ts
    apply-control-events.ts -> control messages rooms
    app.ts                  -> http ws
    assembly                -> internal-errors.ts subscriber.ts limits presence control sessions accounts room-log history mentions messages following recovery moderation rooms push commands http ws readiness.ts metrics.ts heartbeat.ts apply-control-events.ts app.ts
    main.ts                 -> *`,
  web: `
    oldest-browsers.ts ->
    browser-check.ts   ->
    sync               ->
    offline            ->
    page               -> sync
    words              -> sync
    icons              ->
    emoji-data.ts      -> sync
    build.ts           -> oldest-browsers.ts icons words emoji-data.ts
    theme-boot.ts      -> sync page words
    service-worker.ts  -> offline
    service-worker-off.ts -> offline
    state              -> sync offline page words
    components         -> sync page words state
    main.tsx           -> sync page words state components`,
  "web/components": `
    app-context.ts       ->
    on-demand-context.ts ->
    slot.tsx             -> app-context.ts on-demand-context.ts
    ui                   -> app-context.ts on-demand-context.ts
    account              -> app-context.ts on-demand-context.ts ui
    composer             -> app-context.ts slot.tsx ui
    replies              -> app-context.ts on-demand-context.ts ui
    mentions             -> app-context.ts on-demand-context.ts ui
    completions          -> app-context.ts on-demand-context.ts ui
    emoji                -> app-context.ts on-demand-context.ts ui
    messages             -> app-context.ts on-demand-context.ts slot.tsx ui replies
    moderation           -> app-context.ts on-demand-context.ts ui
    search               -> app-context.ts on-demand-context.ts ui
    people               -> app-context.ts on-demand-context.ts ui search
    settings             -> app-context.ts on-demand-context.ts ui
    rooms                -> app-context.ts on-demand-context.ts slot.tsx ui account
    on-demand.tsx        -> app-context.ts on-demand-context.ts slot.tsx account completions emoji mentions messages moderation people search settings rooms replies
    load-on-demand.tsx   -> app-context.ts slot.tsx on-demand.tsx
    app.tsx              -> app-context.ts slot.tsx ui composer messages rooms load-on-demand.tsx`,
  "shared/server": `
    identity   ->
    events     ->
    push       ->
    process    ->
    postgres   -> process
    redis      -> process
    kafka      -> process
    membership -> process postgres redis
    preflight  -> process postgres redis membership`,
  "infra/local": `
    cli       ->
    data      -> cli
    supervise -> cli data
    stores    -> cli data supervise
    cluster   -> cli data supervise stores
    kafka     -> cli cluster
    admin.ts  -> cli stores cluster
    doctor.ts -> cli data stores
    export.ts -> cli cluster
    import.ts -> cli cluster
    kafka-command.ts -> cli kafka
    kafka-replay.ts -> cli cluster kafka
    kafka-tail.ts -> cli kafka
    main.ts   -> cli data supervise stores cluster
    mint.ts   -> cli cluster
    roll.ts   -> cli cluster
    scale.ts  -> cli cluster
    secrets.ts -> cli data
    status.ts -> cli stores cluster
    verify.ts -> cli cluster`,
  "load-tests/faults": `
    client       ->
    random.ts    ->
    target       -> random.ts
    acts         -> client target
    catalog      -> client random.ts target
    judge        -> client target catalog
    options.ts   -> catalog
    settle.ts    -> client target
    table.ts     -> target judge
    judge-room.ts -> client target acts judge
    marking.ts   -> client target acts judge judge-room.ts
    watch.ts     -> client
    run-fault.ts -> client target acts catalog judge settle.ts marking.ts watch.ts`,
  "load-tests/bench": `
    processes.ts       ->
    package-version.ts ->
    pinning.ts         ->
    dialect.ts         ->
    own-servers.ts     -> processes.ts
    other-load.ts      -> processes.ts
    contender.ts       -> processes.ts dialect.ts
    contenders         -> package-version.ts dialect.ts own-servers.ts contender.ts
    driver             -> dialect.ts contenders
    servers            -> driver
    drive.ts           -> pinning.ts dialect.ts driver
    scenario.ts        -> driver
    climb.ts           -> scenario.ts
    figures.ts         -> scenario.ts
    scenarios          -> scenario.ts climb.ts figures.ts
    trial.ts           -> processes.ts contender.ts drive.ts scenario.ts
    compare.ts         -> pinning.ts other-load.ts contender.ts drive.ts scenario.ts trial.ts
    plan.ts            -> contenders scenarios compare.ts
    tables.ts          -> figures.ts compare.ts
    document.ts        -> compare.ts tables.ts
    ceiling.ts         -> pinning.ts dialect.ts own-servers.ts driver`,
};
