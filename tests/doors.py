"""Who may enter where: the literal table that tests/test_every_door.py holds the application to.

A line is: the address's name | who may enter | its methods | what its address needs.
Members who are not named get 403 inside their authority; everybody else gets 404, and people who
are not signed in are sent to sign in. In a room nobody needs an account: who is not in it gets 404.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from blueprints.partners import token_of
from blueprints.versions import parts_now
from programmes.links import make_link
from programmes.models import (
    AuthorityLogo,
    Invitation,
    InvitationTeam,
    JourneyStep,
    MailedLink,
    Milestone,
    Role,
    StepReturn,
)
from programmes.notices import stop_token
from smallchanges.inbox import answer_path
from smallchanges.models import Move, Share
from surveys.links import token_of as survey_token_of
from tests import factories
from workshops.listeners import screen_token
from workshops.models import new_code

GROUPS = {
    "everybody": "anonymous practitioner manager facilitator crescendo outsider ended deactivated",
    "signed-in": "practitioner manager facilitator crescendo outsider ended",
    "members": "practitioner manager facilitator crescendo",
    "leaders": "manager facilitator crescendo",
    "facilitators": "facilitator crescendo",
    "managers": "manager",
    "crescendo": "crescendo",
    # Who has one of the two voices: nobody speaks for others, whatever they look after.
    "voices": "practitioner manager",
    # With whom an ask is: the examples put it to the authority's facilitator alone.
    "own": "facilitator",
    # To whom it was mailed, signed in or not: the examples mail it to the authority's facilitator.
    "addressee": "anonymous facilitator deactivated",
    # Of a mailed link: whoever holds it, and nobody who is signed in as somebody else.
    "holder": "anonymous deactivated",
    # For whoever has a key, which is not in the address: tests/workshops/test_calendar_feed.py.
    "nobody": "",
    # For whoever has a key, which is not in the address either: tests/impact/test_feed.py. A
    # program is told so with 401, and not sent to sign in.
    "key": "",
    # In the room: the examples bring in the authority's facilitator alone.
    "participants": "facilitator",
}
MEMBERS = frozenset(GROUPS["members"].split())

TABLE = """
home | signed-in | GET |
healthz | everybody | GET |
readyz | everybody | GET |
help | everybody | GET |
privacy | everybody | GET |
accessibility | everybody | GET |
address | signed-in | GET POST |
address-confirm | signed-in | GET POST |

portfolio | crescendo | GET |
places:account | signed-in | GET POST |
places:mails | signed-in | GET POST |
places:mails-stop | everybody | GET POST | token=stop
places:invitation | everybody | GET POST | secret=secret
places:authority-add | crescendo | GET POST |
places:authority-edit | crescendo | GET POST | slug=slug
places:crescendo-team | crescendo | GET POST |
places:crescendo-team-remove | crescendo | GET POST | person=colleague
places:crescendo-team-invitation-send-again | crescendo | POST | invitation=team-invitation
places:crescendo-team-invitation-withdraw | crescendo | POST | invitation=team-invitation

journey | members | GET |

programmes:ambition | members | GET |
programmes:statement-add | facilitators | POST | kind=values
programmes:statement-edit | facilitators | GET POST | kind=values pk=value
programmes:statement-move | facilitators | POST | kind=values pk=value
programmes:statement-remove | facilitators | POST | kind=values pk=value
programmes:statement-put-back | facilitators | POST | kind=values pk=value
programmes:statement-merge | facilitators | GET POST | kind=values pk=value
programmes:statement-unmerge | facilitators | POST | kind=values pk=value
programmes:timeline | members | GET |
programmes:pod-keep | facilitators | POST | number=one
programmes:milestone-move | facilitators | GET POST | pk=milestone
programmes:milestone-move-back | facilitators | POST | pk=milestone
programmes:milestone-put-back | facilitators | POST | pk=milestone
programmes:step | members | GET | step=one
programmes:step-done | facilitators | POST | step=one
programmes:step-done-undo | facilitators | POST | step=one
programmes:step-back | facilitators | POST | step=one
programmes:step-back-undo | facilitators | POST | step=one pk=return
programmes:people | members | GET |
programmes:people-invite | facilitators | GET POST |
programmes:people-invite-many | facilitators | GET POST |
programmes:people-invitations-send-unsent | facilitators | POST |
programmes:people-invitation-send-again | facilitators | POST | pk=invitation
programmes:people-invitation-withdraw | facilitators | POST | pk=invitation
programmes:people-edit | facilitators | GET POST | pk=membership
programmes:people-end | facilitators | GET POST | pk=membership
programmes:people-resume | facilitators | POST | pk=membership
programmes:teams | facilitators | GET |
programmes:team-add | facilitators | GET POST |
programmes:team-edit | facilitators | GET POST | pk=team
programmes:team-remove | facilitators | GET POST | pk=team
programmes:logo | members | GET |
programmes:set-up | facilitators | GET |
programmes:programme | facilitators | GET POST |
programmes:programme-end | facilitators | GET POST |
programmes:programme-resume | facilitators | POST | pk=programme

smallchanges:changes | members | GET |
smallchanges:changes-csv | members | GET |
smallchanges:changes-xlsx | members | GET |
smallchanges:change-add | members | GET POST |
smallchanges:changes-move | members | GET POST |
smallchanges:changes-move-undo | members | POST | pk=joint-move
smallchanges:change | members | GET | pk=change
smallchanges:change-edit | members | GET POST | pk=change
smallchanges:change-move | members | GET POST | pk=change
smallchanges:change-move-undo | members | POST | pk=change move_pk=move
smallchanges:update-by-mail | holder | GET POST | token=update-link
smallchanges:update-add | members | POST | pk=change
smallchanges:update-remove | members | POST | pk=change row_pk=update
smallchanges:update-put-back | members | POST | pk=change row_pk=update
smallchanges:step-add | members | POST | pk=change
smallchanges:step-edit | members | GET POST | pk=change row_pk=step
smallchanges:step-tick | members | POST | pk=change row_pk=step
smallchanges:step-order | members | POST | pk=change row_pk=step
smallchanges:step-remove | members | POST | pk=change row_pk=step
smallchanges:step-put-back | members | POST | pk=change row_pk=step
smallchanges:stakeholder-add | members | POST | pk=change
smallchanges:stakeholder-edit | members | GET POST | pk=change row_pk=stakeholder
smallchanges:stakeholder-remove | members | POST | pk=change row_pk=stakeholder
smallchanges:stakeholder-put-back | members | POST | pk=change row_pk=stakeholder
smallchanges:stakeholder-stance | members | POST | pk=change row_pk=stakeholder
smallchanges:stakeholder-stance-undo | members | POST | pk=change row_pk=stakeholder move_pk=turn
smallchanges:measure-add | members | POST | pk=change
smallchanges:measure-edit | members | GET POST | pk=change row_pk=measure
smallchanges:measure-remove | members | POST | pk=change row_pk=measure
smallchanges:measure-put-back | members | POST | pk=change row_pk=measure
smallchanges:reading-add | members | POST | pk=change row_pk=measure
smallchanges:reading-remove | members | POST | pk=change row_pk=reading
smallchanges:reading-put-back | members | POST | pk=change row_pk=reading
smallchanges:time-back | members | POST | pk=change
smallchanges:time-back-take-back | members | POST | pk=change
smallchanges:met-add | members | POST | pk=change
smallchanges:met-remove | members | POST | pk=change row_pk=met
smallchanges:met-put-back | members | POST | pk=change row_pk=met
smallchanges:share | members | GET | pk=change
smallchanges:share-edit | leaders | GET POST | pk=change
smallchanges:share-answer | members | POST | pk=change
smallchanges:share-ask | leaders | POST | pk=change share_pk=share
smallchanges:share-open | leaders | POST | pk=change share_pk=share
smallchanges:share-take-back | members | POST | pk=change share_pk=share
smallchanges:share-put-back | members | POST | pk=change share_pk=share
smallchanges:seed-edit | members | GET POST | pk=change
smallchanges:inspiration | members | GET |
smallchanges:shared | members | GET | share_pk=shared
smallchanges:seed-take | members | GET POST | share_pk=shared
smallchanges:strands | members | GET |
smallchanges:asks | members | GET |
smallchanges:asks-room | members | GET |
smallchanges:ask-add | members | GET POST | pk=change
smallchanges:ask-edit | facilitators | GET POST | pk=ask
smallchanges:ask-remove | facilitators | POST | pk=ask
smallchanges:ask-put-back | facilitators | POST | pk=ask
smallchanges:ask-answer | own | POST | pk=own-ask
smallchanges:ask-change-answer | own | GET | pk=own-ask
smallchanges:ask-release | facilitators | POST | pk=ask
smallchanges:ask-link | addressee | GET POST | token=ask-link
smallchanges:strand-add | facilitators | GET POST |
smallchanges:strand | members | GET | pk=strand
smallchanges:strand-edit | facilitators | GET POST | pk=strand
smallchanges:strand-order | facilitators | POST | pk=strand
smallchanges:strand-remove | facilitators | POST | pk=strand
smallchanges:strand-put-back | facilitators | POST | pk=strand
smallchanges:strands-join | facilitators | GET POST |
smallchanges:strand-apart | facilitators | POST | pk=strand
smallchanges:strand-split | facilitators | GET POST | pk=strand
smallchanges:strand-split-undo | facilitators | POST | pk=strand
smallchanges:change-same | members | GET | pk=change
smallchanges:change-join | members | GET POST | pk=change other_pk=twin
smallchanges:change-apart | members | POST | pk=change
smallchanges:change-split | members | GET POST | pk=change
smallchanges:change-split-undo | members | POST | pk=change
smallchanges:inbox | members | GET |
smallchanges:inbox-add | members | GET POST |
smallchanges:inbox-settings | facilitators | GET POST |
smallchanges:inbox-link | facilitators | POST |
smallchanges:inbox-poster | facilitators | GET |
smallchanges:inbox-said | everybody | GET | token=inbox-token
smallchanges:inbox-item | members | GET | pk=offered
smallchanges:inbox-answer | leaders | GET POST | pk=offered way=inbox-way
smallchanges:inbox-take-back | leaders | POST | pk=offered
smallchanges:inbox-show | facilitators | POST | pk=offered
smallchanges:inbox-tidy | facilitators | GET POST | pk=offered
smallchanges:inbox-remove | facilitators | POST | pk=offered
smallchanges:inbox-put-back | facilitators | POST | pk=offered
smallchanges:inbox-offer | everybody | GET POST | key=inbox-key

smallchanges:permissions | members | GET |
smallchanges:rule-add | members | GET POST |
smallchanges:rule | members | GET | pk=rule
smallchanges:rule-edit | members | GET POST | pk=rule
smallchanges:rule-remove | members | POST | pk=rule
smallchanges:rule-put-back | members | POST | pk=rule
smallchanges:rule-take | members | POST | pk=rule
smallchanges:rule-ask | leaders | GET POST | pk=rule
smallchanges:rule-verdict | leaders | GET POST | pk=rule
smallchanges:verdict-undo | leaders | POST | pk=rule verdict_pk=verdict
smallchanges:clue-add | members | POST | pk=rule
smallchanges:clue-remove | members | POST | pk=rule clue_pk=clue
smallchanges:clue-put-back | members | POST | pk=rule clue_pk=clue
smallchanges:wall | members | GET |
smallchanges:change-cheer | members | POST | pk=change
smallchanges:update-cheer | members | POST | pk=change row_pk=update
smallchanges:move-cheer | members | POST | pk=change move_pk=stopping
smallchanges:thanks-add | members | GET POST | pk=change
smallchanges:thanks-remove | members | POST | pk=change thanks_pk=thanks
smallchanges:thanks-put-back | members | POST | pk=change thanks_pk=thanks

room:join | everybody | GET POST |
room:screen | everybody | GET | token=screen
room:room | participants | GET | workshop_pk=workshop
room:step | participants | GET | workshop_pk=workshop pk=written
room:thanks | participants | GET | workshop_pk=workshop
room:more-time | participants | POST | workshop_pk=workshop
room:note-add | participants | POST | workshop_pk=workshop pk=written
room:vote | participants | POST | workshop_pk=workshop pk=vote
room:mark | participants | POST | workshop_pk=workshop pk=pulse
room:speak | participants | POST | workshop_pk=workshop pk=sense
room:suggest | participants | GET POST | workshop_pk=workshop pk=theme note_pk=own-note
room:done | participants | POST | workshop_pk=workshop pk=written
room:note-edit | participants | GET POST | workshop_pk=workshop pk=own-note
room:note-remove | participants | POST | workshop_pk=workshop pk=own-note
room:note-put-back | participants | POST | workshop_pk=workshop pk=own-note
room:note-report | participants | POST | workshop_pk=workshop pk=own-note

workshops:enter | members | POST | pk=workshop
workshops:harvest | facilitators | GET POST | pk=workshop
workshops:summary | members | GET | pk=workshop
workshops:word-back | members | GET |
workshops:summary-send | facilitators | GET POST | pk=workshop
workshops:window | facilitators | GET POST | pk=workshop
workshops:window-later | facilitators | POST | pk=workshop
workshops:window-close | facilitators | POST | pk=workshop
workshops:window-take-back | facilitators | POST | pk=workshop
workshops:window-parts | facilitators | POST | pk=workshop
workshops:window-send | facilitators | POST | pk=workshop
workshops:window-remind | facilitators | POST | pk=workshop
workshops:run | facilitators | GET | pk=workshop
workshops:run-doors | facilitators | POST | pk=workshop
workshops:run-clock | facilitators | POST | pk=workshop
workshops:run-screen | facilitators | POST | pk=workshop
workshops:run-screen-turn | facilitators | POST | pk=workshop
workshops:run-seat | facilitators | POST | pk=workshop
workshops:run-end | facilitators | GET POST | pk=workshop
workshops:run-participant-remove | facilitators | POST | pk=workshop participant_pk=participant
workshops:run-note-show | facilitators | POST | pk=workshop note_pk=own-note
workshops:run-note-tidy | facilitators | GET POST | pk=workshop note_pk=own-note
workshops:run-note-redact | facilitators | GET POST | pk=workshop note_pk=own-note
workshops:run-group-edit | facilitators | GET POST | pk=workshop group_pk=group
workshops:run-group-merge | facilitators | POST | pk=workshop group_pk=group
workshops:run-group-split | facilitators | POST | pk=workshop group_pk=group
workshops:run-group-remove | facilitators | POST | pk=workshop group_pk=group
workshops:run-group-put-back | facilitators | POST | pk=workshop group_pk=group
workshops:run-go | facilitators | POST | pk=workshop activity_pk=written
workshops:run-reveal | facilitators | POST | pk=workshop activity_pk=written
workshops:run-parked | facilitators | POST | pk=workshop activity_pk=written
workshops:run-dots | facilitators | POST | pk=workshop activity_pk=vote
workshops:run-asks | facilitators | POST | pk=workshop activity_pk=gift
workshops:run-notes-move | facilitators | POST | pk=workshop activity_pk=theme
workshops:run-group-add | facilitators | POST | pk=workshop activity_pk=theme
workshops:run-note-move | facilitators | GET | pk=workshop activity_pk=theme note_pk=own-note
workshops:run-suggestions | facilitators | POST | pk=workshop activity_pk=theme
workshops:run-suggestion | facilitators | POST | pk=workshop activity_pk=theme note_pk=own-note
workshops:run-suggestions-reopen | facilitators | POST | pk=workshop activity_pk=theme decision=said
workshops:run-gift | facilitators | POST | pk=workshop activity_pk=gift thing_pk=group
workshops:run-change | facilitators | GET POST | pk=workshop activity_pk=plan
workshops:run-change-next | facilitators | POST | pk=workshop activity_pk=plan
workshops:run-outcome | facilitators | GET POST | pk=workshop activity_pk=talk thing_pk=group
toolkit:sessions | crescendo | GET |
toolkit:session-add | crescendo | GET POST |
toolkit:session | crescendo | GET | key=session
toolkit:session-edit | crescendo | GET POST | key=session
toolkit:session-order | crescendo | POST | key=session
toolkit:session-retire | crescendo | POST | key=session
toolkit:session-bring-back | crescendo | POST | key=session

workshops:calendar | nobody | GET |
workshops:calendar-feed | members | GET |
workshops:calendar-renew | members | POST |
workshops:calendar-stop | members | POST |
workshops:pods-invite | facilitators | GET POST |
workshops:pod-agenda | facilitators | GET POST | pk=pod
workshops:block-time | facilitators | POST | pk=workshop block_pk=block
workshops:run-write-down | facilitators | GET POST | pk=workshop activity_pk=look
workshops:workshops | members | GET |
workshops:workshop-add | facilitators | GET POST |
workshops:date-plan | facilitators | POST | pk=milestone
workshops:workshop | members | GET | pk=workshop
workshops:workshop-edit | facilitators | GET POST | pk=workshop
workshops:workshop-call-off | facilitators | GET POST | pk=workshop
workshops:workshop-calendar | members | GET | pk=workshop
workshops:workshop-people | facilitators | GET POST | pk=workshop
workshops:workshop-invite | facilitators | GET POST | pk=workshop
workshops:invitations-send | facilitators | POST | pk=workshop
workshops:invitations-leave | facilitators | POST | pk=workshop
workshops:invitee-remove | facilitators | POST | pk=workshop invitee_pk=invitee
workshops:block-add | facilitators | GET POST | pk=workshop
workshops:block-edit | facilitators | GET POST | pk=workshop block_pk=block
workshops:block-order | facilitators | POST | pk=workshop block_pk=block
workshops:block-double | facilitators | POST | pk=workshop block_pk=block
workshops:block-skip | facilitators | POST | pk=workshop block_pk=block
workshops:block-unskip | facilitators | POST | pk=workshop block_pk=block
workshops:block-remove | facilitators | POST | pk=workshop block_pk=block
workshops:block-put-back | facilitators | POST | pk=workshop block_pk=block

surveys:surveys | members | GET |
surveys:survey | members | GET | pk=running-survey
surveys:survey-add | facilitators | GET POST |
surveys:survey-edit | facilitators | GET POST | pk=survey
surveys:survey-remove | facilitators | POST | pk=survey
surveys:survey-put-back | facilitators | POST | pk=survey
surveys:survey-open | facilitators | GET POST | pk=survey
surveys:survey-to-draft | facilitators | POST | pk=running-survey
surveys:survey-closing-day | facilitators | GET POST | pk=running-survey
surveys:survey-ask | facilitators | GET POST | pk=running-survey
surveys:survey-poster | facilitators | GET | pk=running-survey
surveys:survey-close | facilitators | GET POST | pk=running-survey
surveys:question-add | facilitators | GET POST | pk=survey
surveys:question-edit | facilitators | GET POST | pk=survey row_pk=question
surveys:question-order | facilitators | POST | pk=survey row_pk=question
surveys:question-remove | facilitators | POST | pk=survey row_pk=question
surveys:question-put-back | facilitators | POST | pk=survey row_pk=question

blueprints:blueprint | members | GET |
blueprints:blueprint-edit | leaders | GET |
blueprints:focus-edit | leaders | GET POST |
blueprints:commitment-add | leaders | GET POST |
blueprints:commitment-edit | leaders | GET POST | pk=commitment
blueprints:commitment-order | leaders | POST | pk=commitment
blueprints:commitment-remove | leaders | POST | pk=commitment
blueprints:commitment-put-back | leaders | POST | pk=commitment
blueprints:need-add | leaders | GET POST |
blueprints:need-edit | leaders | GET POST | pk=need
blueprints:need-order | leaders | POST | pk=need
blueprints:need-remove | leaders | POST | pk=need
blueprints:need-put-back | leaders | POST | pk=need
blueprints:pillar-add | leaders | GET POST |
blueprints:pillar-edit | leaders | GET POST | pk=pillar
blueprints:pillar-order | leaders | POST | pk=pillar
blueprints:pillar-remove | leaders | GET POST | pk=pillar
blueprints:pillar-put-back | leaders | POST | pk=pillar
blueprints:experiment-add | leaders | GET POST | pk=pillar
blueprints:experiment | members | GET | pk=experiment
blueprints:experiment-edit | leaders | GET POST | pk=experiment
blueprints:experiment-move | leaders | GET POST | pk=experiment
blueprints:experiment-order | leaders | POST | pk=experiment
blueprints:experiment-remove | leaders | POST | pk=experiment
blueprints:experiment-put-back | leaders | POST | pk=experiment
blueprints:experiment-move-put-back | leaders | POST | pk=experiment-move
blueprints:evidence | members | GET |
blueprints:evidence-link | leaders | POST |
blueprints:evidence-unlink | leaders | POST | pk=insight

blueprints:blueprint-pdf | members | GET |
blueprints:blueprint-docx | members | GET |
blueprints:for-partners | leaders | GET POST |
blueprints:for-partners-take-back | leaders | POST | pk=partner-link
blueprints:for-partners-give-back | leaders | POST | pk=partner-link
blueprints:shared | everybody | GET | token=partner-token
blueprints:shared-pdf | everybody | GET | token=partner-token
blueprints:shared-docx | everybody | GET | token=partner-token
blueprints:experiment-observe | members | POST | pk=experiment
blueprints:experiment-decide | leaders | GET POST | pk=experiment
blueprints:experiment-begin | members | GET POST | pk=experiment
blueprints:observation-remove | leaders | POST | pk=observation
blueprints:observation-put-back | leaders | POST | pk=observation
blueprints:insights | members | GET |
blueprints:insight-add | leaders | GET POST |
blueprints:insight-edit | leaders | GET POST | pk=insight
blueprints:insight-order | leaders | POST | pk=insight
blueprints:insight-remove | leaders | POST | pk=insight
blueprints:insight-put-back | leaders | POST | pk=insight
blueprints:improvement-plan | members | GET |
blueprints:aim-add | leaders | GET POST |
blueprints:aim-add-many | leaders | GET POST |
blueprints:aim-edit | leaders | GET POST | pk=aim
blueprints:aim-order | leaders | POST | pk=aim
blueprints:aim-remove | leaders | POST | pk=aim
blueprints:aim-put-back | leaders | POST | pk=aim
blueprints:voices-list | members | GET |
blueprints:voices-add | leaders | GET POST |
blueprints:voices-round | members | GET | pk=placing
blueprints:voices-edit | leaders | GET POST | pk=placing
blueprints:voices-close | leaders | GET POST | pk=placing
blueprints:voices-place | voices | GET POST | pk=placing

blueprints:reviews | members | GET |
blueprints:review-answer | managers | POST | pk=waiting-experiment
blueprints:review-begin | members | POST | pk=waiting-experiment
blueprints:review-ask-again | members | POST | pk=waiting-experiment
blueprints:review-ask-again-undo | members | POST | pk=waiting-experiment
blueprints:answer-undo | managers | POST | pk=managers-answer
blueprints:begun-undo | own | POST | pk=own-move
blueprints:review-ask | own | POST | pk=own-ask
blueprints:promise-tell | managers | GET POST | pk=promise
blueprints:telling-undo | managers | POST | pk=managers-telling
blueprints:pillar-reviews | members | GET | pk=pillar
blueprints:review-add | managers | GET POST | pk=pillar
blueprints:review-remove | managers | POST | pk=managers-review
blueprints:review-put-back | managers | POST | pk=managers-review

blueprints:versions | members | GET |
blueprints:version-add | leaders | GET POST |
blueprints:version-now | members | GET |
blueprints:version | members | GET | pk=version
blueprints:version-changes | members | GET | pk=version
blueprints:version-sign | voices | POST | pk=version
blueprints:version-unsign | voices | POST | pk=version
blueprints:version-withdraw | leaders | POST | pk=version
blueprints:version-put-back | leaders | POST | pk=version

impact:stories | members | GET |
impact:story-add | members | GET POST |
impact:story | members | GET | pk=shared-story
impact:story-cross | own | GET POST | pk=own-story
impact:story-take-back | own | POST | pk=own-story
impact:story-give-again | own | POST | pk=own-story
impact:story-ask | leaders | POST | pk=shared-story
impact:story-anew | own | GET POST | pk=own-story
impact:story-remove | own | POST | pk=own-story
impact:story-put-back | own | POST | pk=own-story
impact:story-pick | leaders | GET POST | pk=shared-story
impact:pick-remove | leaders | POST | pk=pick
impact:pick-put-back | leaders | POST | pk=pick
impact:learning | facilitators | GET |
impact:learning-add | facilitators | GET POST |
impact:learning-edit | facilitators | GET POST | pk=learning-note
impact:learning-remove | facilitators | POST | pk=learning-note
impact:learning-put-back | facilitators | POST | pk=learning-note
impact:handover | members | GET |
impact:hands | facilitators | GET POST | pk=over-session
impact:partnership-end | facilitators | GET POST |
impact:partnership-end-remove | facilitators | POST | pk=partnership-end
impact:partnership-end-put-back | facilitators | POST | pk=partnership-end
across:learning | crescendo | GET |
# The impact report
impact:report | members | GET |
impact:report-pdf | members | GET |
impact:report-docx | members | GET |
impact:report-edit | leaders | GET |
impact:report-draft | leaders | POST |
impact:report-publish | leaders | GET POST |
impact:report-withdraw | leaders | POST | pk=report
impact:report-put-back | leaders | POST | pk=report
impact:report-versions | members | GET |
impact:report-version | members | GET | number=one
impact:report-version-pdf | members | GET | number=one
impact:report-version-docx | members | GET | number=one
impact:report-section-in | leaders | POST | pk=report-section
impact:report-section-out | leaders | POST | pk=report-section
impact:report-section-order | leaders | POST | pk=report-section
impact:report-section-add | leaders | GET POST | pk=report-section
impact:report-section-take | leaders | POST | pk=report-section
impact:report-sentence-edit | leaders | GET POST | pk=report-sentence
impact:report-sentence-unsay | leaders | POST | pk=report-sentence
impact:report-sentence-remove | leaders | POST | pk=report-sentence
impact:report-sentence-put-back | leaders | POST | pk=report-sentence
impact:report-sharing | leaders | GET POST |
impact:report-share-take-back | leaders | POST | pk=report-share
impact:report-share-give-back | leaders | POST | pk=report-share
impact:others | members | GET |
across:across | crescendo | GET |
across:across-pdf | crescendo | GET |
across:across-docx | crescendo | GET |

impact:impact | members | GET |
impact:comments | facilitators | GET | pk=survey-with-words
impact:comment-look | facilitators | POST | pk=survey-with-words answer_pk=comment look=showing
surveys:answer | members | GET POST | pk=open-survey
surveys:answer-open | everybody | GET POST | token=survey-token
surveys:mailed | addressee | GET POST | token=survey-mail
surveys:survey-print | facilitators | GET | pk=open-survey
surveys:paper | facilitators | GET POST | pk=open-survey
surveys:paper-take-back | facilitators | POST | pk=open-survey batch=survey-batch
surveys:paper-file | facilitators | GET POST | pk=open-survey
surveys:paper-template | facilitators | GET | pk=open-survey
# the data feed and search
impact:data | facilitators | GET POST |
impact:feed-key-take-back | facilitators | POST | pk=feed-key
impact:search | members | GET |
api:root | key | GET |
api:dictionary | key | GET |
api:dictionary-csv | key | GET |
api:changes | key | GET |
api:changes-csv | key | GET |
api:strands | key | GET |
api:strands-csv | key | GET |
api:measures | key | GET |
api:measures-csv | key | GET |
api:readings | key | GET |
api:readings-csv | key | GET |
api:asks | key | GET |
api:asks-csv | key | GET |
api:blueprint | key | GET |
api:blueprint-csv | key | GET |
api:surveys | key | GET |
api:surveys-csv | key | GET |
api:survey-results | key | GET |
api:survey-results-csv | key | GET |
# --- the archive, what a person takes along, and erasure
impact:archive | facilitators | GET POST |
impact:person-erase | facilitators | GET POST | pk=membership
personal:about-me | signed-in | GET |
personal:erase-me | signed-in | GET POST |

"""

# allauth's own addresses: it guards them, and tests/crescendo/test_sign_in.py tries them.
OF_ALLAUTH = frozenset(
    """
    account_change_password account_confirm_email account_confirm_login_code account_email
    account_email_verification_sent account_inactive account_login account_logout
    account_reauthenticate account_request_login_code account_reset_password
    account_reset_password_done account_reset_password_from_key
    account_reset_password_from_key_done account_set_password account_signup
    mfa_activate_totp mfa_add_webauthn mfa_authenticate mfa_deactivate_totp
    mfa_download_recovery_codes mfa_edit_webauthn mfa_generate_recovery_codes mfa_index
    mfa_list_webauthn mfa_login_webauthn mfa_reauthenticate mfa_reauthenticate_webauthn
    mfa_remove_webauthn mfa_view_recovery_codes usersessions_list
    """.split()  # noqa: SIM905
)


# The golden thread.
TABLE += """
impact:thread | members | GET |
"""


@dataclass(frozen=True)
class Door:
    enter: frozenset
    methods: frozenset
    needs: dict
    # 403 for these; 404 for everybody else who may not enter.
    forbidden: frozenset
    asks_to_sign_in: bool
    wants_a_key: bool


def _read(table: str) -> dict[str, Door]:
    doors = {}
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        name, who, methods, needs = (part.strip() for part in line.split("|"))
        enter = frozenset(GROUPS[who].split())
        inside = who in ("members", "leaders", "facilitators", "managers", "voices")
        doors[name] = Door(
            enter=enter,
            methods=frozenset(methods.split()),
            needs=dict(need.split("=") for need in needs.split()),
            forbidden=MEMBERS - enter if inside else frozenset(),
            asks_to_sign_in=who not in ("participants", "nobody", "key"),
            wants_a_key=who == "key",
        )
    return doors


EXPECTED = _read(TABLE)


def examples(programme, person, words: str) -> dict:
    """One row of each thing that an address can name, all of whose texts hold `words`."""
    authority = programme.authority
    blueprint = factories.BlueprintFactory(programme=programme, focus=words)
    team = factories.TeamFactory(authority=authority, name=words)
    barrier = factories.BarrierFactory(programme=programme, text=words)
    strand = factories.MissionStrandFactory(programme=programme, title=words, about=words)
    change = factories.SmallChangeFactory(
        programme=programme, strand=strand, title=words, purpose=words, why=words, status="chosen"
    )
    stakeholder = factories.StakeholderFactory(
        change=change, who=words, organisation=words, what_came=words
    )
    measure = factories.MeasureFactory(change=change, what=words)
    pillar = factories.PillarFactory(blueprint=blueprint, title=words, so_that=words)
    experiment = factories.ExperimentFactory(pillar=pillar, title=words)
    member = factories.MembershipFactory(
        authority=authority, roles=[Role.PRACTITIONER], user__name=words
    )
    secret = words.replace(" ", "-")
    workshop = factories.WorkshopFactory(
        programme=programme, title=words, place=words, starts_at=timezone.now()
    )
    room = _room(workshop, person, words)
    # Of no authority: its words may be read in all of them.
    session = factories.TemplateBlockFactory().template
    shared = _shared_in_a_third_authority()
    strand.barriers.add(barrier, through_defaults={"authority": authority})
    change.teams.add(team, through_defaults={"authority": authority})
    invitation = Invitation.objects.create(
        authority=authority,
        email=f"{secret}@invited.example",
        roles=[Role.PRACTITIONER],
        secret_digest=hashlib.sha256(secret.encode()).hexdigest(),
        invited_by=person,
        expires_at=timezone.now() + timedelta(days=1),
    )
    InvitationTeam.objects.create(authority=authority, invitation=invitation, team=team)
    made = {
        "team": team,
        "barrier": barrier,
        "value": factories.ValueFactory(programme=programme, text=words),
        "strand": strand,
        "change": change,
        "twin": factories.SmallChangeFactory(programme=programme, title=f"{words} too"),
        "step": factories.StepFactory(change=change, text=words),
        "stakeholder": stakeholder,
        "turn": factories.StanceMoveFactory(stakeholder=stakeholder, why=words),
        "measure": measure,
        "reading": factories.ReadingFactory(measure=measure, note=words),
        "met": factories.MetFactory(change=change, text=words),
        "update": factories.UpdateFactory(change=change, text=words),
        "move": Move.objects.create(
            authority=authority,
            change=change,
            at=timezone.now(),
            from_stage="mission",
            to_stage="develop",
            from_status="chosen",
            to_status="chosen",
            why=words,
        ),
        "joint-move": factories.JointMoveFactory(authority=authority),
        # Nobody else may read it; where it grew from anybody may, and it doesn't tell how it goes.
        "share": factories.ShareFactory(
            change=change,
            **dict.fromkeys(("title", "sentence", "what_we_did", "what_we_met"), words),
            our_setting=words,
        ),
        "shared": shared,
        "seed": factories.SeedFactory(
            change=change, share=shared, starting_point=words, what_differs=words
        ),
        "insight": factories.InsightFactory(programme=programme, text=words),
        "commitment": factories.CommitmentFactory(blueprint=blueprint, text=words),
        "need": factories.NeedFactory(blueprint=blueprint, text=words),
        "pillar": pillar,
        "experiment": experiment,
        "aim": factories.AimFactory(programme=programme, title=words, owner=words),
        "observation": factories.ObservationFactory(cycle=experiment.cycle, text=words),
        "experiment-move": factories.ExperimentMoveFactory(experiment=experiment, why=words),
        **_reviews(pillar, person, words),
        **_report(programme, words),
        "version": factories.BlueprintVersionFactory(
            blueprint=blueprint, parts=parts_now(blueprint), why=words, made_by=person
        ),
        "milestone": factories.MilestoneFactory(
            programme=programme, kind=Milestone.Kind.POD, number=1, place=words
        ),
        "return": StepReturn.objects.create(
            authority=authority,
            programme=programme,
            step=1,
            at=timezone.now(),
            why=words,
            was_done_at=timezone.now(),
        ),
        "workshop": workshop,
        "block": factories.ActivityFactory(
            workshop=workshop, title=words, prompt=words, say=words, columns=[words]
        ),
        "pod": factories.WorkshopFactory(programme=programme, kind="pod", title=words),
        "invitee": factories.InviteeFactory(workshop=workshop, email=f"{secret}@invitee.example"),
        # the data feed
        "feed-key": factories.FeedKeyFactory(authority=authority, for_whom=words),
        "programme": programme,
        "membership": member,
        "invitation": invitation,
        "colleague": factories.UserFactory(is_crescendo_team=True),
        "team-invitation": Invitation.objects.create(
            email=f"{secret}@colleague.example",
            secret_digest=f"{secret} of a colleague",
            expires_at=timezone.now() + timedelta(days=1),
        ),
    }
    placed = factories.PlacedThingFactory(
        round__programme=programme, round__question=words, change=change
    )
    made["placing"] = placed.round
    made |= _of_the_book(change, team, barrier, member, words)
    JourneyStep.objects.create(
        authority=authority, programme=programme, step=1, done_at=timezone.now(), said=words
    )
    AuthorityLogo.objects.create(authority=authority, png=b"png")
    words_of_addresses = {"values": "values", "one": 1, "secret": secret, "slug": authority.slug}
    words_of_addresses["session"] = session.key
    mails = factories.NoticeChoiceFactory(authority=authority, email=person.email)
    words_of_addresses["stop"] = stop_token(mails)
    words_of_addresses["update-link"] = make_link(
        authority=authority,
        purpose=MailedLink.Purpose.UPDATE,
        target=change.pk,
        email=member.user.email,
    )
    words_of_addresses |= _asks(change, person, words)
    words_of_addresses |= _inbox(authority, words)
    words_of_addresses |= _survey_with_words(programme, words)
    # What an insight rests on, of every kind.
    rests_on = {name: made[name].pk for name in ("barrier", "met", "rule", "measure", "move")}
    for name, pk in (rests_on | {"ask": words_of_addresses["ask"]}).items():
        factories.EvidenceFactory(insight=made["insight"], **{f"{name}_id": pk})
    made |= _stories_and_handover(change, person, words)
    # Answering surveys.
    words_of_addresses |= _open_survey(programme, person, words)
    partner_link = factories.PartnerLinkFactory(authority=authority, for_whom=words)
    made["partner-link"] = partner_link
    made |= _surveys(programme, words)
    words_of_addresses["partner-token"] = token_of(partner_link)
    return {name: row.pk for name, row in made.items()} | words_of_addresses | room


def _of_the_book(change, team, barrier, member, words: str) -> dict:
    """An entry of the permission book with a verdict, and what can be cheered or thanked for."""
    rule = factories.RuleFactory(
        authority=change.authority,
        text=words,
        said_by=words,
        team=team,
        change=change,
        barrier=barrier,
        checker=member,
        checking_since=timezone.now(),
    )
    verdict = factories.VerdictFactory(rule=rule, found=words, may_do=words)
    rule.verdict = verdict
    rule.save()
    return {
        "rule": rule,
        "verdict": verdict,
        "clue": factories.ClueFactory(rule=rule, text=words),
        "thanks": factories.ThankYouFactory(change=change, text=words, to_whom=words),
        "stopping": Move.objects.create(
            authority=change.authority,
            change=change,
            at=timezone.now(),
            from_stage="develop",
            to_stage="develop",
            from_status="chosen",
            to_status="stopped",
            why=words,
        ),
    }


# --- stories, the facilitators' log and the hand-over


def _stories_and_handover(change, person, words: str) -> dict:
    """A story that `person` told to a team of their own, and one that all may read, picked."""
    programme = change.programme
    authority = programme.authority
    team = factories.TeamFactory(authority=authority, name=f"{words}, told to")
    membership = authority.memberships.get(user=person)
    membership.teams.add(team, through_defaults={"authority": authority})
    told = {"change": change, "text": words, "teller": words, "told_by": person}
    shared = factories.StoryFactory(ring="public", **told)
    over = factories.WorkshopFactory(
        programme=programme, title=words, starts_at=timezone.now(), ended_at=timezone.now()
    )
    return {
        "story-team": team,
        "own-story": factories.StoryFactory(team=team, **told),
        "shared-story": shared,
        "pick": factories.StoryPickFactory(story=shared, panel=words, why=words),
        "over-session": over,
        "learning-note": factories.LearningNoteFactory(
            authority=authority,
            workshop=over,
            what_happened=words,
            what_we_learned=words,
            what_next=words,
        ),
        "partnership-end": factories.PartnershipEndFactory(programme=programme),
    }


def _surveys(programme, words: str) -> dict:
    """Running surveys: one that is being written, and one that is open."""
    survey, opened = (
        factories.SurveyFactory(programme=programme, title=words, intro=words, state=state)
        for state in ("draft", "open")
    )
    factories.QuestionFactory(survey=opened, text=words)
    question = factories.QuestionFactory(
        survey=survey, kind="choice", text=words, options=[words, "Another"]
    )
    return {"survey": survey, "running-survey": opened, "question": question}


def _reviews(pillar, person, words: str) -> dict:
    """An experiment that waits, and what the authority's manager said, promised and reviewed."""
    roles = [Role.MANAGER]
    managers = pillar.authority.memberships.filter(roles=roles)
    manager = (
        managers.first() or factories.MembershipFactory(authority=pillar.authority, roles=roles)
    ).user
    waiting = factories.ExperimentFactory(
        pillar=pillar, title=f"{words} waits", state="waiting for a yes"
    )
    tried = factories.ExperimentFactory(pillar=pillar, title=f"{words} tried", state="trying")
    promise = factories.PromiseFactory(experiment=tried, what=words)
    return {
        "waiting-experiment": waiting,
        "managers-answer": factories.AnswerFactory(experiment=tried, by=manager, words=words),
        "own-move": factories.ExperimentMoveFactory(experiment=tried, by=person, why=words),
        "promise": promise,
        "managers-telling": factories.TellingFactory(promise=promise, by=manager, why=words),
        "managers-review": factories.ReviewFactory(
            pillar=pillar, by=manager, words=words, decided=words
        ),
    }


# --- the impact report


def _report(programme, words: str) -> dict:
    """A published version, shared once and taken back since, and a draft after it; in a third
    authority one that is shared, so that there is something to read side by side.
    """
    first = factories.ReportFactory(programme=programme, number=1, title=words, why=words)
    part = factories.ReportSectionFactory(report=first, heading=words)
    factories.ReportSentenceFactory(section=part, text=words)
    factories.published(first)
    draft = factories.ReportFactory(programme=programme, number=2, title=words)
    section = factories.ReportSectionFactory(report=draft, heading=words)
    third = _shared_in_a_third_authority().authority
    if not third.report_shares.exists():
        other = factories.ReportFactory(programme=third.programmes.get())
        factories.ReportSentenceFactory(section=factories.ReportSectionFactory(report=other))
        factories.ReportShareFactory(report=factories.published(other))
    return {
        "report": draft,
        "report-section": section,
        "report-sentence": factories.ReportSentenceFactory(section=section, text=words),
        "report-share": factories.ReportShareFactory(report=first, taken_back_at=timezone.now()),
    }


def _asks(change, person, words: str) -> dict:
    """An ask of somebody elsewhere, one of `person`, and what was mailed to them."""
    authority = change.authority
    member = authority.memberships.get(user=person)
    own = factories.AskFactory(change=change, member=member, what=words)
    token = make_link(
        authority=authority,
        purpose=MailedLink.Purpose.ANSWER,
        target=own.pk,
        email=person.email,
    )
    ask = factories.AskFactory(change=change, name=words, role=words, what=words, why=words)
    factories.AskAnswerFactory(ask=ask, who=words, kind="passed on", to_whom=words, words=words)
    return {"ask": ask.pk, "own-ask": own.pk, "ask-link": token}


def _survey_with_words(programme, words: str) -> dict:
    """A closed survey, in whose results the words may be read; one comment waits for a look."""
    survey = factories.SurveyFactory(
        programme=programme, title=words, state="closed", people_answered=10
    )
    question = factories.QuestionFactory(survey=survey, kind="text", text=words)
    values = {"question": question, "option": None, "text": words}
    factories.SurveyAnswerFactory.create_batch(9, look="shown", **values)
    waiting = factories.SurveyAnswerFactory(**values)
    return {"survey-with-words": survey.pk, "comment": waiting.pk, "showing": "show"}


def _open_survey(programme, person, words: str) -> dict:
    """One that takes answers, with a poster's link and a link that was mailed to `person`."""
    survey = factories.SurveyFactory(
        programme=programme, state="open", title=f"{words}, open", intro=words
    )
    # In words: the place of an answer to choose would be taken for the id of a row.
    factories.QuestionFactory(survey=survey, kind="text", text=words)
    member = programme.authority.memberships.get(user=person)
    asked = factories.AskedFactory(survey=survey, membership=member)
    mail = make_link(
        authority=programme.authority,
        purpose=MailedLink.Purpose.SURVEY,
        target=asked.pk,
        email=person.email,
    )
    return {
        "open-survey": survey.pk,
        "survey-token": survey_token_of(survey),
        "survey-mail": mail,
        "survey-batch": uuid.uuid4(),
    }


def _inbox(authority, words: str) -> dict:
    """An open inbox with a link, and something in it that waits."""
    inbox = factories.InboxFactory(authority=authority)
    offered = factories.OfferedFactory(authority=authority, text=f"{words}, offered")
    return {
        "inbox-key": inbox.key,
        "inbox-token": answer_path(offered).split("/")[-2],
        "inbox-way": "ask",
        "offered": offered.pk,
    }


def _shared_in_a_third_authority():
    if share := Share.objects.filter(authority__slug="third").first():
        return share
    third = factories.LocalAuthorityFactory(name="Third Borough", slug="third")
    return factories.shared(
        factories.SmallChangeFactory(programme=factories.ProgrammeFactory(authority=third))
    )


def _room(workshop, person, words: str) -> dict:
    """A room in which `person` is, with a part of each kind that was opened and is shown."""
    workshop.code, workshop.doors_opened_at = new_code(), timezone.now()
    workshop.screen_key = uuid.uuid4()
    workshop.save()
    shown = {"opened_at": timezone.now(), "revealed_at": timezone.now()}
    parts = {
        kind: factories.ActivityFactory(
            workshop=workshop, kind=kind, title=words, prompt=words, position=100 + place, **shown
        )
        for place, kind in enumerate(
            ("write", "theme", "vote", "discuss", "gift", "pulse", "plan", "look", "sense")
        )
    }
    parts["look"].change = workshop.programme.small_changes.first()
    parts["look"].save()
    parts["sense"].round = factories.PlacingRoundFactory(
        programme=workshop.programme, question=words, closed_at=timezone.now(), secret=b""
    )
    parts["sense"].save()
    participant = factories.ParticipantFactory(workshop=workshop, user=person, name=words)
    note = factories.NoteFactory(activity=parts["write"], participant=participant, text=words)
    group = factories.GroupFactory(activity=parts["theme"], title=words)
    parts["theme"].takes_suggestions = True
    parts["theme"].save()
    suggested = factories.SuggestionFactory(
        activity=parts["theme"], note=note, title=words, decision=uuid.uuid4()
    )
    return {
        "screen": screen_token(workshop),
        "written": parts["write"].pk,
        "theme": parts["theme"].pk,
        "vote": parts["vote"].pk,
        "talk": parts["discuss"].pk,
        "gift": parts["gift"].pk,
        "plan": parts["plan"].pk,
        "look": parts["look"].pk,
        "sense": parts["sense"].pk,
        "pulse": parts["pulse"].pk,
        "participant": participant.pk,
        "own-note": note.pk,
        "group": group.pk,
        "said": suggested.decision,
    }
