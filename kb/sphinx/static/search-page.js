// Starts the search page as soon as its nodes are there: the theme's scripts load one after the other, and it needs none.
import { page, ready } from "./search.js";

ready();
const begin = (_, observer) => {
  const there = document.querySelector("#search-more");
  if (there) page();
  if (there) observer?.disconnect();
  return there;
};
if (!begin()) new MutationObserver(begin).observe(document, { childList: true, subtree: true });
