// On the page for missing addresses: the last words of the address become the search, before the search starts.
{
  const last = decodeURIComponent(location.pathname).split("/").filter(Boolean).pop() ?? "";
  const words = last.replace(/\.\w+$/u, "").replace(/[-_+.]+/gu, " ").trim();
  if (words && !location.search) history.replaceState(null, "", `?q=${encodeURIComponent(words)}`);
}
