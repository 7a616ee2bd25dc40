import type { Words } from "./es";

const en: Words = {
  search: {
    label: "Search administration",
    placeholder: "Find a setting",
    count: (count: number) => (count === 1 ? "1 result" : `${count.toString()} results`),
    none: "Nothing with those words. Try a single one, or one like it.",
    results: "Results",
  },
  groups: { face: "Your business", work: "How people are served", people: "Your people", machine: "Control" },
  help: {
    title: "Help",
    fold: "Hide the help",
    show: "Help for this page",
    manual: "Step by step",
  },
  pages: {
    start: {
      what: "What it takes to serve people well, in order. Each step is marked by itself once it is done.",
      cases: [
        ["Does everything have to be done?", "No. One channel and one person are enough to start; the rest makes it better."],
        ["Where is it afterwards?", "Right here, to see at a glance what is set up and what is not."],
      ],
      words: "begin start getting started guide install setup configure overview first steps wizard onboarding",
    },
    channels: {
      what: "Each channel is a line on which people write to you: a mailbox, the chat on your site, a number. Connect it once and it arrives at the desk.",
      cases: [
        ["What if a channel fails?", "It is marked here with the reason. What arrived stays, and it is tried again by itself."],
        ["What if I remove it?", "It stops receiving and sending. Conversations that came through it are kept."],
        ["How do I put the chat on my site?", "Connect a web chat, name your site and copy one line of code to your pages."],
      ],
      words: "mail email e-mail mailbox imap smtp chat web widget whatsapp sms telegram phone number line account connect integrate code site",
    },
    appearance: {
      what: "The chat and the help centre in your colour, with your logo and your words. The preview is the real chat.",
      cases: [
        ["What if my colour cannot be read?", "The nearest that can is offered. One that people cannot read cannot be saved."],
        ["When do my customers see it?", "The next time they load a page. Nothing has to change on the site."],
        ["And if my page defines colours?", "The --trato-… properties of your style sheet win over what is here."],
      ],
      words: "color colour colors logo picture image design brand style theme dark light button widget chat greeting font typeface look preview customise customize",
    },
    organisation: {
      what: "The name, language and opening hours of the house, and the brands by which it presents itself.",
      cases: [
        ["Why several brands?", "If you serve under more than one name: each has its form of address, signature and help centre."],
        ["What without an account for system mail?", "Access links are not sent: you copy them by hand."],
      ],
      words: "company business shop organization name language time zone brand signature footer mail formal help centre center domain",
    },
    queues: {
      what: "A queue is where contacts of one matter wait until somebody who knows it has room.",
      cases: [
        ["What without queues?", "All goes to the common line, which anybody serves. That is enough to begin."],
        ["What if nobody has the skill?", "With time less is asked; after ten minutes anybody serves. Nobody is left waiting."],
        ["Who would get it?", "Ask “Who would get it?”: it answers without offering anything to anybody."],
      ],
      words: "line wait routing distribution assign assignment order capacity target service level",
    },
    hours: {
      what: "When people are served: by queue, by site or by shift, with its holidays. Without hours of its own the organisation's hold.",
      cases: [
        ["What happens outside the hours?", "Nothing is refused: people are told when you open and keep their place."],
        ["How do I add holidays?", "With the address of an iCalendar, or by pasting its text."],
      ],
      words: "opening hours schedule open closed holiday vacation calendar shift working days business hours",
    },
    sla: {
      what: "What is promised: how soon people are answered and helped, counted in open hours.",
      cases: [
        ["What if it runs out?", "The team sees it before it happens, the most urgent first; a rule can tell somebody."],
        ["Does it run while the customer has to act?", "No: the clock stops while we wait for them."],
      ],
      words: "sla time response deadline due promise commitment delay target resolution",
    },
    rules: {
      what: "What Trato does by itself when something happens: add a tag, change the queue, tell somebody.",
      cases: [
        ["Can it answer for us?", "No. No rule answers in place of a person, nor sends a text without news of the case."],
        ["How do I try it safely?", "“Try it on what has happened” says what it would have done, and writes nothing."],
      ],
      words: "automation automatic trigger workflow flow condition action robot",
    },
    macros: {
      what: "Texts you use often, with places that are filled from the case. Whoever answers completes them before sending.",
      cases: [
        ["Are they sent by themselves?", "Never. And what is still to be completed cannot be sent."],
        ["In which language?", "In the conversation's, if the macro has it."],
      ],
      words: "template canned quick reply saved text snippet shortcut",
    },
    labels: {
      what: "Tags to find what is alike, and the list of ways in which work ends.",
      cases: [
        ["How many tags?", "Few and clear. Many are used badly and stop saying anything."],
        ["What without a list of outcomes?", "Everybody writes how it ended; reports cannot add that up."],
      ],
      words: "tag label category classification outcome disposition reason result",
    },
    fields: {
      what: "What your business needs to know of each person or case and has no place of its own: a member number, a model, a date of purchase.",
      cases: [
        ["Where are they filled in?", "Beside the conversation, by whoever attends to it. Also by the API and by rules."],
        ["What if I retire one?", "It is shown no more. What it said is kept, and is there again when you bring it back."],
      ],
      words: "custom field attribute own data property form required member contact case",
    },
    cards: {
      what: "What your other systems know, beside each conversation: an order, a warranty, a balance.",
      cases: [
        ["What are they told of my customers?", "Verified addresses only, and nothing but what you tick."],
        ["What if the other system does not answer?", "The card says so and can be asked again. Everything else goes on."],
      ],
      words: "card order warranty balance erp crm shop integration external system panel source",
    },
    orders: {
      what: "How many orders of your sites came after help, and with which.",
      cases: [
        ["How do they get here?", "Your site tells them on its page that says thank you, with one line. The guide has it."],
        ["Is it known who ordered?", "Only where a person helped: then the order stands beside their conversation."],
      ],
      words: "order purchase sale conversion shop cart total amount widget site help sold",
    },
    sameText: {
      what: "How often the same free text went to several people. Whoever writes is told; nothing is prevented.",
      cases: [
        ["Is what was written kept?", "No. Only a mark that cannot be read, and for a few days."],
        ["What if one is repeated a lot?", "Make it a reply with places that are filled in, or an article."],
      ],
      words: "repeated copied paste template identical mass verbatim same text many",
    },
    users: {
      what: "Who may come in and what they may do: serve, supervise or administer.",
      cases: [
        ["What happens when I deactivate somebody?", "Their sessions end and their open work passes to somebody else. What they did stays."],
        ["And if the invitation does not arrive?", "Copy an access link and send it yourself. It works once."],
      ],
      words: "user people team staff employee invite add remove role permission password access agent supervisor administrator",
    },
    agents: {
      what: "What everybody knows, from 1 to 5. By that each contact reaches somebody who can solve it.",
      cases: [
        ["Does it all have to be filled in?", "No: only what some queue asks for."],
        ["Can a skill be lent?", "Yes, with an end date in the profile; it goes by itself that day."],
      ],
      words: "skill knowledge level language profile capacity limit agent expertise",
    },
    teams: {
      what: "How your people are grouped: teams, sites, and the reasons for which they are away.",
      cases: [
        ["What is a team for?", "A queue can offer work to it first; and supervision can look at it apart."],
        ["What without reasons to be away?", "Everybody writes their own."],
      ],
      words: "team group site branch office absence away break lunch reason",
    },
    doors: {
      what: "Who answers for a shop, a product or a site. In one step customers take to them what was not solved.",
      cases: [
        ["What if they do not answer in time?", "The case shows that the promise is broken, and a rule can tell whoever you say."],
        ["And what has nobody of its own?", "It goes to whoever answers for all else, if you named somebody."],
      ],
      words: "owner responsible manager escalate complaint shop store product",
    },
    keys: {
      what: "So that another program can read or write in Trato, with only the permissions it needs.",
      cases: [
        ["What if one leaks?", "Revoke it: it stops working at once. The audit log says what was done with it."],
        ["Can I see it again?", "No. If it is lost, create another and revoke the old one."],
      ],
      words: "api key token integration program developer access permission crm erp",
    },
    webhooks: {
      what: "They tell another system of every change, signed, with one POST per event.",
      cases: [
        ["What if my system is down?", "It is tried again, in order; afterwards you can send them once more."],
        ["How do I know they are from Trato?", "By the signature, with the secret that is shown once."],
      ],
      words: "webhook event notification integration system crm zapier developer",
    },
    settings: {
      what: "All that is set up, in one file that people read and compare, to keep it or take it to another installation.",
      cases: [
        ["What happens when I choose a file?", "Nothing yet: you see what would change. Then all of it is applied or nothing."],
        ["Does it hold passwords or people?", "No. It says which secrets are to be typed again, and names whoever works here by their address."],
        ["Does it remove what is not in the file?", "Only when you ask for it."],
      ],
      words: "export import copy backup download file yaml json git configuration migrate move settings",
    },
    privacy: {
      what: "Who asked to have their data erased, and when it is done.",
      cases: [
        ["How do I begin a request?", "In the contact's conversation, under “Personal data”."],
        ["Can it be undone?", "For seven days, with a reason. Not afterwards."],
      ],
      words: "privacy erase delete personal data gdpr lgpd protection forget",
    },
    broken: {
      what: "What arrived and could not be read. It is kept whole, and is read again from here.",
      cases: [
        ["Was anything lost?", "No. You can download the original as it came."],
        ["What is a notice without an owner?", "A request that no channel knows: often an address copied wrongly at the provider."],
      ],
      words: "error unreadable failed broken message lost original retry problem",
    },
    audit: {
      what: "Who did what, when, and from where.",
      cases: [
        ["Does it show what a program did?", "Yes, with the API key that it used."],
        ["Does it say what was written?", "No: it says what was changed, not what conversations hold."],
      ],
      words: "audit log history record changes who security trail",
    },
  },
  fields: {
    "admin.channels.snippet": "script code html install paste website embed",
    "admin.channels.undo": "undo take back recall send",
    "admin.channels.test": "test connection check diagnose",
    "admin.channels.enabled": "turn on off activate disable",
    "appearance.accent": "main color hex",
    "appearance.logo": "image picture icon",
    "appearance.greetings": "welcome first message greeting",
    "appearance.labels": "button launcher text bubble",
    "appearance.side": "position right left corner",
    "appearance.corners": "rounded border radius",
    "appearance.font": "typography font letter",
    "appearance.theme": "dark mode night light",
    "appearance.phone": "telephone number call down outage",
    "appearance.email": "mail address down outage",
    "admin.organisation.hours": "opening hours schedule days",
    "admin.organisation.brands": "brand several trade name",
    "admin.organisation.tone": "usted tu vos formal informal address",
    "admin.organisation.signature": "signature footer mail email sign-off",
    "admin.organisation.systemAccount": "mail sender invitations noreply links",
    "admin.helpCentre.act": "help center faq articles knowledge base",
    "admin.helpCentre.host": "domain subdomain url address",
    "admin.helpCentre.site": "website link url",
    "queues.queues.skills": "skill requirement",
    "queues.queues.accounts": "channel source",
    "queues.queues.target": "service level sla goal percentage",
    "queues.queues.priority": "priority urgent importance",
    "queues.queues.wrapUp": "after call work acw wrap up",
    "queues.queues.autoAccept": "automatic accept direct",
    "queues.queues.waiting": "wait callback call back turn",
    "queues.queues.weights": "capacity weight simultaneous units",
    "queues.preview.open": "simulate test routing who",
    "automation.hours.exceptions": "exception holiday special closed",
    "automation.hours.holidays": "holiday bank icalendar ics",
    "automation.sla.first_reply": "first response time",
    "automation.sla.next_reply": "next response time",
    "automation.sla.resolution": "resolve solution time",
    "automation.rules.trial": "simulate rehearse test dry run",
    "automation.rules.runs": "history log executions",
    "automation.macros.places": "variables fields placeholders",
    "automation.labels.tags": "category label",
    "automation.labels.dispositions": "disposition result reason outcome",
    "beside.sources.secret": "key signature webhook",
    "beside.sources.sends": "data sent privacy share",
    "admin.users.invite": "new add create user",
    "admin.users.role": "permission profile",
    "admin.users.capacity": "simultaneous limit how many",
    "admin.users.newLink": "forgotten password recover access sign in login",
    "admin.latitude.act": "discount refund amount compensation approval goodwill",
    "queues.agents.languages": "language speaks",
    "queues.agents.limits": "maximum simultaneous cap",
    "queues.teams.sites": "branch office location",
    "queues.teams.reasons": "break lunch pause",
    "admin.doors.owner": "manager owner responsible",
    "admin.keys.scopes": "permission scope",
    "admin.webhooks.types": "event type",
    "admin.webhooks.deliveries": "history attempts",
    "privacy.list": "erasure deletion forget",
    "admin.broken.strays": "orphan webhook unknown",
  },
  places: {
    articles: { title: "Articles of the help centre", words: "faq knowledge base help write publish center" },
    synonyms: { title: "Synonyms of the search", words: "equivalent words search help centre" },
    answers: { title: "When an article answers", words: "calibrate automatic answer confidence search" },
    gaps: { title: "What the help centre lacks", words: "gaps unanswered questions missing" },
    incidents: { title: "Incidents and maintenance", words: "outage problem notice status banner downtime" },
    peaks: { title: "Peak hours", words: "peaks demand forecast staffing load" },
    account: { title: "Your account", words: "profile password second factor passkey language theme session" },
    wishes: { title: "Your notifications", words: "alerts sound push email do not disturb digest" },
  },
  start: {
    title: "First steps",
    lead: (done: number, all: number) => `${done.toString()} of ${all.toString()} steps done.`,
    all: "Everything important is set up.",
    done: "done",
    open: "to do",
    next: "Next",
    steps: {
      hours: { title: "Say when you serve", why: "With the hours, every wait that is promised is true.", act: "Set the hours" },
      channel: { title: "Connect a channel", why: "Where people write to you: mail, the chat on your site, a number.", act: "Connect a channel" },
      works: { title: "See that the channels work", why: "A channel that fails loses nothing, but nobody reads it.", act: "See the channels" },
      site: { title: "Put the chat on your site", why: "Connect a web chat and name your site's address.", act: "Connect the chat" },
      look: { title: "Give it your colour and logo", why: "Your customers recognise whom they talk to.", act: "Choose the look" },
      away: { title: "Leave a phone or an email", why: "The chat shows them if the server does not answer.", act: "Write them" },
      system: { title: "Choose the account for system mail", why: "Without it, invitations are copied by hand.", act: "Choose the account" },
      people: { title: "Invite your team", why: "One person is enough to start; with two, somebody can step in.", act: "Invite" },
      queue: { title: "Create the first queue", why: "So that each matter reaches who knows it.", act: "Create a queue" },
      articles: { title: "Publish a help article", why: "Many like to solve it alone, at any hour.", act: "Write an article" },
    },
  },
};

export default en;
