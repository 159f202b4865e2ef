/**
 * The library, loaded when this file is. Not by a static import: in the one file that a process is bundled into, that would stand at the
 * top and load the library at every start.
 */
export const { Admin, Producer, fetchV13, fetchV14, fetchV15, fetchV16, fetchV17 } = await import(
  "@platformatic/kafka"
);
