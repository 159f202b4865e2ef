/** Sentences about the people in a room, and about one of them. */
export type PeopleWords = {
  title: string;
  filter: string;
  found: (count: number) => string;
  nobodyFound: string;
  guests: (count: number) => string;
  /** People beyond those that are named. */
  unnamed: (count: number) => string;
  ignored: string;
  mention: string;
  reportThis: string;
  reportNewest: string;
  share: string;
};
