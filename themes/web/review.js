// Marks a review whose day has passed since the page was made. Without it the plain date stands.
"use strict";
for (const time of document.querySelectorAll("time[data-review-due]")) {
  const today = new Date().toLocaleDateString("sv"); // year-month-day, as the date is written
  const marked = time.nextElementSibling?.classList.contains("badge");
  if (time.dateTime < today && !marked) {
    const badge = document.createElement("span");
    badge.className = "badge badge-overdue";
    badge.textContent = time.dataset.reviewDue;
    time.after(" ", badge);
  }
}
